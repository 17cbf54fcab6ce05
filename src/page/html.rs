//! HTML that cannot be broken by what stands in it: words are escaped, and names of tags and attributes are the program's own. Knows no page.

/// HTML that is being written.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// Words, to the letter.
    pub fn text(&mut self, words: &str) -> &mut Self {
        escape(words, &mut self.0);
        self
    }

    /// An element around whatever `inside` writes.
    pub fn element(
        &mut self,
        tag: &'static str,
        attributes: &[(&'static str, &str)],
        inside: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.open(tag, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
        self
    }

    /// An element that holds only words.
    pub fn words(
        &mut self,
        tag: &'static str,
        attributes: &[(&'static str, &str)],
        words: &str,
    ) -> &mut Self {
        self.element(tag, attributes, |html| {
            html.text(words);
        })
    }

    /// An element that holds nothing, and is not closed: `br`, `input`, `meta`, `link`.
    pub fn open(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) -> &mut Self {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
        self.0.push('>');
        self
    }

    /// Data that programs read and browsers neither show nor run. What could end it stands as JSON's
    /// codes, which mean the same, since such characters are found in JSON's texts alone.
    pub fn data(&mut self, media_type: &'static str, json: &str) -> &mut Self {
        self.open("script", &[("type", media_type)]);
        for c in json.chars() {
            match c {
                '<' => self.0.push_str("\\u003c"),
                '>' => self.0.push_str("\\u003e"),
                '&' => self.0.push_str("\\u0026"),
                c => self.0.push(c),
            }
        }
        self.0.push_str("</script>");
        self
    }

    /// A whole document.
    pub fn document(self) -> String {
        format!("<!doctype html>\n{}\n", self.0)
    }

    /// A whole document of XML. What [`Html::open`] wrote has no end there, so nothing of it may
    /// stand in one.
    pub fn xml(self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}\n", self.0)
    }
}

fn escape(words: &str, out: &mut String) {
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML allows no control characters, nor these two that are none.
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn data_cannot_be_ended_by_what_it_says() {
        let mut html = Html::default();
        html.data("application/ld+json", "{\"a\":\"</script><b>&\"}");
        assert_eq!(
            html.xml(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<script type=\"application/ld+json\">\
             {\"a\":\"\\u003c/script\\u003e\\u003cb\\u003e\\u0026\"}</script>\n"
        );
    }

    #[test]
    fn nothing_that_is_said_becomes_markup() {
        let mut html = Html::default();
        html.words("p", &[("title", "\"><b onclick='x'>")], "</p><script>&\u{7}");
        assert_eq!(
            html.document(),
            "<!doctype html>\n<p title=\"&quot;&gt;&lt;b onclick=&#39;x&#39;&gt;\">&lt;/p&gt;&lt;script&gt;&amp;</p>\n"
        );
    }
}
