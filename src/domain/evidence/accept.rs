//! Accept: which kind of answer a request asks for (RFC 9110 §12.5.1).

use crate::domain::http::field::Fields;

/// What the Accept lines of a request ask for, by weight in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Accept {
    pub html: Option<u16>,
    /// JSON, XML and other structured types.
    pub data: Option<u16>,
    pub any: Option<u16>,
}

impl Accept {
    pub fn of(fields: &Fields) -> Accept {
        let mut accept = Accept::default();
        for field in fields.all("Accept") {
            for range in field.text().to_ascii_lowercase().split(',') {
                accept.add(range);
            }
        }
        accept
    }

    /// A page is wanted, and nothing more than a page.
    pub fn prefers_html(self) -> bool {
        self.html.is_some_and(|html| html > 0 && self.data.is_none_or(|data| html >= data))
    }

    /// Data is wanted, and a page is not mentioned.
    pub fn wants_data(self) -> bool {
        self.data.is_some_and(|data| data > 0) && self.html.is_none()
    }

    /// Data is wanted more than anything else.
    pub fn prefers_data(self) -> bool {
        let others = self.html.max(self.any);
        self.data.is_some_and(|data| data > 0 && others.is_none_or(|other| data > other))
    }

    fn add(&mut self, range: &str) {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, weight);
        let slot = match media {
            "text/html" | "application/xhtml+xml" => &mut self.html,
            "*/*" => &mut self.any,
            _ if is_data(media) => &mut self.data,
            _ => return,
        };
        *slot = (*slot).max(Some(weight));
    }
}

/// The media type is meant for programs.
pub fn is_data(media: &str) -> bool {
    matches!(
        media,
        "application/json"
            | "application/xml"
            | "text/xml"
            | "text/csv"
            | "application/x-ndjson"
            | "application/octet-stream"
            | "application/yaml"
            | "application/graphql-response+json"
    ) || media.ends_with("+json")
        || media.ends_with("+xml") && media != "application/xhtml+xml"
}

fn weight(text: &str) -> u16 {
    text.parse::<f32>().map_or(1000, |weight| (weight.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Accept {
        let mut fields = Fields::new();
        fields.push("accept", value);
        Accept::of(&fields)
    }

    #[test]
    fn weights_decide() {
        let browser = accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        assert!(browser.prefers_html() && !browser.wants_data());
        let program = accept("application/json, text/plain, */*");
        assert!(program.wants_data() && !program.prefers_html() && !program.prefers_data());
        assert!(accept("application/hal+json, */*;q=0.1").prefers_data());
        assert!(!accept("*/*").wants_data());
    }
}
