//! The grammar of JSON (RFC 8259 §2) as a table: state and token to next state, and whether the token starts a line.

/// Before the first value, and behind a value outside any container.
pub(super) const START: u8 = 0;
pub(super) const TOP: u8 = 1;
/// Behind `{`, a key, `:`, a member's value, `,` in an object.
pub(super) const OBJECT_OPEN: u8 = 2;
pub(super) const OBJECT_KEY: u8 = 3;
pub(super) const OBJECT_COLON: u8 = 4;
pub(super) const OBJECT_VALUE: u8 = 5;
pub(super) const OBJECT_COMMA: u8 = 6;
/// Behind `[`, a value, `,` in an array.
pub(super) const ARRAY_OPEN: u8 = 7;
pub(super) const ARRAY_VALUE: u8 = 8;
pub(super) const ARRAY_COMMA: u8 = 9;
/// The token is not allowed.
pub(super) const BROKEN: u8 = 15;

/// The parts of a step.
pub(super) const STATE: u8 = 0x0f;
pub(super) const NEWLINE: u8 = 0x10;
pub(super) const OPENS: u8 = 0x20;
pub(super) const CLOSES: u8 = 0x40;
/// Not JSON, but plain enough to go on.
pub(super) const LENIENT: u8 = 0x80;

pub(super) const COMMA: u8 = 5;
const OPEN_OBJECT: u8 = 0;
const CLOSE_OBJECT: u8 = 1;
const OPEN_ARRAY: u8 = 2;
const CLOSE_ARRAY: u8 = 3;
const COLON: u8 = 4;
const STRING: u8 = 6;
/// Starts as a number or literal does.
const SCALAR: u8 = 7;
/// Starts as nothing in JSON does.
const WORD: u8 = 8;

const CLASSES: [u8; 256] = classes();
const STEPS: [[u8; 16]; 16] = steps();

/// What kind of token starts with this byte.
#[inline]
pub(super) fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

/// What a token means behind what came before.
#[inline]
pub(super) fn step(state: u8, class: u8) -> u8 {
    STEPS[usize::from(state & 15)][usize::from(class & 15)]
}

/// The state behind an opening bracket.
#[inline]
pub(super) fn inside(class: u8) -> u8 {
    if class == OPEN_OBJECT { OBJECT_OPEN } else { ARRAY_OPEN }
}

const fn classes() -> [u8; 256] {
    let mut classes = [WORD; 256];
    let marks = [
        (b'{', OPEN_OBJECT),
        (b'}', CLOSE_OBJECT),
        (b'[', OPEN_ARRAY),
        (b']', CLOSE_ARRAY),
        (b':', COLON),
        (b',', COMMA),
        (b'"', STRING),
        (b'-', SCALAR),
        (b't', SCALAR),
        (b'f', SCALAR),
        (b'n', SCALAR),
    ];
    let mut at = 0;
    while at < marks.len() {
        classes[marks[at].0 as usize] = marks[at].1;
        at += 1;
    }
    let mut digit = b'0';
    while digit <= b'9' {
        classes[digit as usize] = SCALAR;
        digit += 1;
    }
    classes
}

const fn steps() -> [[u8; 16]; 16] {
    let mut steps = [[BROKEN | OPENS; 16]; 16];
    let mut state = 0;
    while state <= ARRAY_COMMA {
        let mut class = 0;
        while class <= WORD {
            steps[state as usize][class as usize] = meaning(state, class);
            class += 1;
        }
        state += 1;
    }
    steps
}

const fn meaning(state: u8, class: u8) -> u8 {
    match (state, class) {
        (START | TOP, WORD) => BROKEN | OPENS,
        (START | TOP, _) => value(class, TOP | NEWLINE),
        (OBJECT_OPEN, CLOSE_OBJECT) | (ARRAY_OPEN, CLOSE_ARRAY) => CLOSES,
        (OBJECT_VALUE, CLOSE_OBJECT) | (ARRAY_VALUE, CLOSE_ARRAY) => CLOSES | NEWLINE,
        (OBJECT_COMMA, CLOSE_OBJECT) | (ARRAY_COMMA, CLOSE_ARRAY) => CLOSES | NEWLINE | LENIENT,
        (OBJECT_OPEN | OBJECT_COMMA, STRING) => OBJECT_KEY | NEWLINE,
        (OBJECT_OPEN | OBJECT_COMMA, SCALAR | WORD) => OBJECT_KEY | NEWLINE | LENIENT,
        (OBJECT_KEY, COLON) => OBJECT_COLON,
        (OBJECT_COLON, _) => value(class, OBJECT_VALUE),
        (OBJECT_VALUE, COMMA) => OBJECT_COMMA,
        (ARRAY_OPEN | ARRAY_COMMA, _) => value(class, ARRAY_VALUE | NEWLINE),
        (ARRAY_VALUE, COMMA) => ARRAY_COMMA,
        _ => BROKEN | OPENS,
    }
}

/// The step when the token starts a value.
const fn value(class: u8, step: u8) -> u8 {
    match class {
        OPEN_OBJECT | OPEN_ARRAY => step | OPENS,
        STRING | SCALAR => step,
        WORD => step | LENIENT,
        _ => BROKEN | OPENS,
    }
}
