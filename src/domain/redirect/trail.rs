//! What a client carries from hop to hop beside the request: what it dropped and may restore, what it learnt.

/// The client's memory along a chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trail {}
