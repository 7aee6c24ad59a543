//! The parts of HTTP that a redirect debugger talks about, in the words of RFC 9110.
//!
//! Plain data: nothing in here sends, waits, or reads a clock.

pub mod body;
pub mod connection;
pub mod exchange;
pub mod failure;
pub mod field;
pub mod field_names;
pub mod head;
pub mod head_parser;
pub mod http2;
pub mod method;
pub mod origin;
pub mod pem;
pub mod percent;
pub mod remark;
pub mod request;
pub mod request_text;
pub mod schemes;
pub mod settings;
pub mod timing;
