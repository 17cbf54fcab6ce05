# The image of footnote: built in one stage, run in another that has neither shell nor package manager.
#
#   docker build -t footnote .
#   docker run -e DISCORD_TOKEN -v footnote:/var/lib/footnote footnote
#
# deploy/compose.yaml does the same with limits around it.

FROM rust:1-bookworm AS build
WORKDIR /src
# Dependencies first, so that a change of our own code does not build them again.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src benches tests/suite \
    && echo 'fn main() {}' > src/main.rs && touch src/lib.rs benches/matching.rs tests/suite/main.rs \
    && cargo build --profile dist --locked \
    && rm -rf src benches tests
COPY src src
# Cargo wants the files that the manifest names to be there; it builds neither here.
RUN mkdir -p benches tests/suite && touch benches/matching.rs tests/suite/main.rs \
    && touch src/main.rs src/lib.rs \
    && cargo build --profile dist --locked --bin footnote
# The folder of the state, to be owned by whoever runs the bot.
RUN mkdir -p /state

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/dist/footnote /usr/local/bin/footnote
COPY --from=build --chown=nonroot:nonroot /state /var/lib/footnote
COPY config.toml /etc/footnote/config.toml
COPY responses /etc/footnote/responses
WORKDIR /etc/footnote
ENV FOOTNOTE_STORE__PATH=/var/lib/footnote/store \
    FOOTNOTE_LOG__FORMAT=json
VOLUME /var/lib/footnote
USER nonroot
# The bot ends within eight seconds, and Docker waits ten.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s \
    CMD ["/usr/local/bin/footnote", "doctor", "--health", "--config", "/etc/footnote/config.toml"]
ENTRYPOINT ["/usr/local/bin/footnote"]
CMD ["run", "--config", "/etc/footnote/config.toml"]
