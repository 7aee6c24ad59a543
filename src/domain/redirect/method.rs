//! Method and body: what a status makes of them.

use crate::domain::client::Client;
use crate::domain::client::method::{Forced, Rewrite};
use crate::domain::client::policy::{Streamed, StreamedRewrite};
use crate::domain::http::body::RequestBody;
use crate::domain::http::method::Method;
use crate::domain::http::origin::same_origin;
use crate::domain::http::request::{Draft, Request};

use super::{Halt, StopReason};

/// The method and body of the next request.
pub(super) struct Sending {
    pub method: Method,
    pub body: Option<RequestBody>,
    pub rewrite: Rewrite,
}

/// What this client sends after a response of this status.
pub(super) fn next(
    status: u16,
    from: &Request,
    draft: &Draft,
    client: &Client,
) -> Result<Sending, Halt> {
    let rewrite = rewrite(status, from, draft, client);
    let body = match rewrite {
        Rewrite::Final => return Err(Halt::Final),
        Rewrite::Error => return Err(Halt::Stop(StopReason::RefusedByClient)),
        Rewrite::Keep => resend(from.body.as_ref(), client)?,
        Rewrite::KeepWithoutBody | Rewrite::Get => lose(status, from.body.as_ref(), client)?,
    };
    let method = if rewrite == Rewrite::Get { Method::GET } else { from.method.clone() };
    Ok(Sending { method, body, rewrite })
}

fn rewrite(status: u16, from: &Request, draft: &Draft, client: &Client) -> Rewrite {
    let by_method = |method: &str| {
        client.method.get(&status).map_or(Rewrite::Keep, |rewrites| rewrites.of(method))
    };
    let forced = draft.forced && from.method == draft.method;
    match client.forced {
        Forced::Sticks if forced => match by_method(underlying(from, draft)) {
            Rewrite::Get => Rewrite::KeepWithoutBody,
            other => other,
        },
        Forced::ObeysStatus if forced => by_method(underlying(from, draft)),
        Forced::Ignored | Forced::Sticks | Forced::ObeysStatus => by_method(from.method.as_str()),
    }
}

/// The method curl has in mind below a forced one: `-d` makes a POST, `-T` a PUT.
fn underlying(from: &Request, draft: &Draft) -> &'static str {
    match &from.body {
        Some(body) if body.streamed || draft.upload => "PUT",
        Some(_) => "POST",
        None => "GET",
    }
}

fn resend(body: Option<&RequestBody>, client: &Client) -> Result<Option<RequestBody>, Halt> {
    match body {
        Some(body) if body.streamed && !body.is_empty() => match client.body.streamed {
            Streamed::Resend => Ok(Some(body.clone())),
            Streamed::Empty => Ok(Some(RequestBody::new(Vec::new()))),
            Streamed::Error => Err(Halt::Stop(StopReason::StreamedBody)),
            Streamed::Final => Err(Halt::Final),
        },
        other => Ok(other.cloned()),
    }
}

fn lose(
    status: u16,
    body: Option<&RequestBody>,
    client: &Client,
) -> Result<Option<RequestBody>, Halt> {
    let streamed = body.is_some_and(|body| body.streamed);
    match client.body.streamed_rewrite {
        StreamedRewrite::Error if streamed => Err(Halt::Stop(StopReason::StreamedBody)),
        StreamedRewrite::ErrorUnlessSeeOther if streamed && status != 303 => {
            Err(Halt::Stop(StopReason::RefusedByClient))
        }
        StreamedRewrite::Error | StreamedRewrite::ErrorUnlessSeeOther | StreamedRewrite::Follow => {
            Ok(None)
        }
    }
}

/// Some clients send no body to another origin, and no POST without a body either.
pub(super) fn across_origins(
    status: u16,
    sending: Sending,
    from: &Request,
    to: &url::Url,
    client: &Client,
) -> Sending {
    let rewrites = !matches!(status, 307 | 308) && client.body.dropped_cross_origin;
    let dropped = rewrites && !same_origin(&from.url, to);
    match sending {
        Sending { method, body: Some(_), rewrite: Rewrite::Keep } if dropped => {
            let get = method == Method::POST;
            Sending {
                method: if get { Method::GET } else { method },
                body: None,
                rewrite: if get { Rewrite::Get } else { Rewrite::KeepWithoutBody },
            }
        }
        other => other,
    }
}
