//! The fake as discord.com itself: a door with a certificate of its own before the same rooms. Knows no HTTP.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::fake::{Fake, RUNTIME};

/// An open door; it closes with the process.
#[derive(Debug)]
pub(crate) struct Door {
    address: SocketAddr,
    certificate: String,
}

impl Fake {
    /// Opens a door at which the bot, told to find discord.com there, goes through its own limiter.
    pub(crate) fn door(&self) -> Door {
        let made = rcgen::generate_simple_self_signed(vec!["discord.com".to_owned()])
            .expect("a certificate can be made");
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("it is a key");
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("the key is the certificate's");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        listener.set_nonblocking(true).expect("sockets can be non-blocking");
        let address = listener.local_addr().expect("a bound socket has an address");
        let behind = self.address;
        RUNTIME.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it listens");
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut outside) = acceptor.accept(stream).await else { return };
                    let Ok(mut inside) = TcpStream::connect(behind).await else { return };
                    let _ended = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
                });
            }
        });
        Door { address, certificate: made.cert.pem() }
    }
}

impl Door {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The variables that lead a bot through the door; the certificate is put into its folder.
    pub(crate) fn way(&self, home: &Path) -> Vec<(&'static str, String)> {
        let file = home.join("stand-in.pem");
        std::fs::write(&file, &self.certificate).expect("a temporary folder takes files");
        vec![
            ("FOOTNOTE_DISCORD__API_URL", String::new()),
            ("FOOTNOTE_DISCORD__RESOLVE", self.address.to_string()),
            ("FOOTNOTE_DISCORD__CA_FILE", file.display().to_string()),
        ]
    }
}
