//! What HTML's elements mean for layout (HTML, "the elements of HTML", rendering section).

/// How an element is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Stands on lines of its own, its content indented.
    Block,
    /// As a block, but without content or end tag.
    Void,
    /// Flows with the text.
    Inline,
    /// Flows with the text, which goes on in the next line.
    Break,
    /// A block whose content keeps its own lines and has no tags.
    Verbatim,
}

pub(super) fn kind(name: &[u8], is_xml: bool) -> Kind {
    if is_xml {
        return Kind::Block;
    }
    match name {
        b"area" | b"base" | b"col" | b"embed" | b"hr" | b"link" | b"meta" | b"param"
        | b"source" | b"track" => Kind::Void,
        b"br" => Kind::Break,
        _ if is_verbatim(name) => Kind::Verbatim,
        b"a" | b"abbr" | b"acronym" | b"b" | b"bdi" | b"bdo" | b"big" | b"button" | b"cite"
        | b"code" | b"data" | b"del" | b"dfn" | b"em" | b"font" | b"i" | b"img" | b"input"
        | b"ins" | b"kbd" | b"label" | b"mark" | b"meter" | b"nobr" | b"output" | b"progress"
        | b"q" | b"rp" | b"rt" | b"ruby" | b"s" | b"samp" | b"small" | b"span" | b"strike"
        | b"strong" | b"sub" | b"sup" | b"time" | b"tt" | b"u" | b"var" | b"wbr" => Kind::Inline,
        _ => Kind::Block,
    }
}

/// Content without tags (HTML, raw text elements), and `pre`, whose white space counts.
pub(super) fn is_verbatim(name: &[u8]) -> bool {
    matches!(name, b"script" | b"style" | b"textarea" | b"pre" | b"xmp")
}

/// Whether an open element ends where another starts (HTML, "optional tags").
pub(super) fn ends(open: &[u8], starts: &[u8]) -> bool {
    match open {
        b"li" => starts == b"li",
        b"dt" | b"dd" => matches!(starts, b"dt" | b"dd"),
        b"tr" => matches!(starts, b"tr" | b"tbody" | b"tfoot"),
        b"td" | b"th" => matches!(starts, b"td" | b"th" | b"tr"),
        b"option" => matches!(starts, b"option" | b"optgroup"),
        b"thead" | b"tbody" => matches!(starts, b"tbody" | b"tfoot"),
        b"p" => matches!(
            starts,
            b"p" | b"div"
                | b"ul"
                | b"ol"
                | b"dl"
                | b"table"
                | b"form"
                | b"section"
                | b"article"
                | b"header"
                | b"footer"
                | b"nav"
                | b"main"
                | b"aside"
                | b"blockquote"
                | b"pre"
                | b"h1"
                | b"h2"
                | b"h3"
                | b"h4"
                | b"h5"
                | b"h6"
        ),
        b"head" => starts == b"body",
        _ => false,
    }
}
