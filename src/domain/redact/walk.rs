//! Walks a chain: every place where a secret may stand.

use std::collections::BTreeSet;

use bytes::Bytes;
use url::Url;

use super::{Redactor, SHORTEST, spans};
use crate::domain::chain::{Asked, Chain, Hop, Planned, State};
use crate::domain::cookie::{CookieLog, CookiePair};
use crate::domain::http::body::RequestBody;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::failure::Failure;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{DeviationKind, RequestHead, ResponseHead, Stray};
use crate::domain::http::request::{Credentials, Draft, FieldEdit, Request};
use crate::domain::probe::Probe;
use crate::domain::redirect::Resolution;
use crate::domain::redirect::trail::Trail;
use crate::domain::secret;
use crate::domain::soft::Followed;

/// Adds the values of all secrets in the chain that are long enough to be looked for elsewhere.
pub(super) fn secrets(chain: &Chain, redactor: &Redactor, values: &mut BTreeSet<Vec<u8>>) {
    let mut add = |bytes: &[u8], name: Option<&str>| {
        let found = match name {
            Some(name) => spans::known_from_field(name, bytes, &redactor.names),
            None => spans::in_text(bytes, &redactor.names),
        };
        let values_of = found.into_iter().filter_map(|at| bytes.get(at));
        values.extend(
            values_of.map(<[u8]>::trim_ascii).filter(|v| v.len() >= SHORTEST).map(<[u8]>::to_vec),
        );
    };
    let draft = &chain.draft;
    match &draft.credentials {
        Some(Credentials::Basic { user, password }) => {
            add(format!("password={password}").as_bytes(), None);
            if secret::is_token(user) {
                add(format!("password={user}").as_bytes(), None);
            }
        }
        Some(Credentials::Bearer(token)) => {
            add(format!("Bearer {token}").as_bytes(), Some("Authorization"))
        }
        None => {}
    }
    add(draft.typed.as_bytes(), None);
    for hop in &chain.hops {
        request(&hop.request, &mut add);
        exchange_texts(&hop.exchange, &mut add);
    }
    for probe in &chain.probes {
        request(&probe.request, &mut add);
        exchange_texts(&probe.exchange, &mut add);
    }
    if let State::Ready(planned) | State::InFlight(planned) = &chain.state {
        request(&planned.request, &mut add);
    }
}

fn request(request: &Request, add: &mut impl FnMut(&[u8], Option<&str>)) {
    add(request.url.as_str().as_bytes(), None);
    fields(&request.fields, add);
    if let Some(body) = &request.body {
        add(&body.bytes, None);
    }
}

fn exchange_texts(exchange: &Exchange, add: &mut impl FnMut(&[u8], Option<&str>)) {
    for head in exchange.response.iter().chain(&exchange.informational) {
        fields(&head.fields, add);
    }
    add(&exchange.body.head, None);
}

fn fields(fields: &Fields, add: &mut impl FnMut(&[u8], Option<&str>)) {
    for field in fields {
        add(&field.value, Some(&field.name));
    }
}

/// The chain with every secret masked.
pub(super) fn chain(chain: &Chain, redactor: &Redactor) -> Chain {
    let clean = Clean(redactor);
    let mut jar = chain.jar.clone();
    jar.mask(|cookie| clean.cookie(cookie));
    let hops: Vec<Hop> = chain.hops.iter().map(|hop| clean.hop(hop)).collect();
    Chain {
        draft: clean.draft(&chain.draft),
        client: chain.client.clone(),
        limits: chain.limits,
        asked: Asked::of(&hops),
        hops,
        state: match &chain.state {
            State::Ready(planned) => State::Ready(clean.planned(planned)),
            State::InFlight(planned) => State::InFlight(clean.planned(planned)),
            State::Ended(ending) => State::Ended(*ending),
        },
        jar,
        probes: chain.probes.iter().map(|probe| clean.probe(probe)).collect(),
    }
}

struct Clean<'a>(&'a Redactor);

impl Clean<'_> {
    fn hop(&self, hop: &Hop) -> Hop {
        let mut jar = hop.jar.clone();
        jar.mask(|cookie| self.cookie(cookie));
        Hop {
            request: self.request(&hop.request),
            trail: self.trail(&hop.trail),
            exchange: Box::new(self.exchange(&hop.exchange)),
            cookies: self.log(&hop.cookies),
            soft: self.followed(hop.soft.as_deref()),
            jar,
            resolution: hop.resolution.as_ref().map(|resolution| self.resolution(resolution)),
            ..hop.clone()
        }
    }

    fn probe(&self, probe: &Probe) -> Probe {
        Probe {
            hop: probe.hop,
            kind: probe.kind.clone(),
            request: self.request(&probe.request),
            exchange: self.exchange(&probe.exchange),
        }
    }

    fn followed(&self, soft: Option<&Followed>) -> Option<Box<Followed>> {
        let clean = |soft: &Followed| Followed { draft: self.draft(&soft.draft), ..soft.clone() };
        soft.map(|soft| Box::new(clean(soft)))
    }

    fn draft(&self, draft: &Draft) -> Draft {
        let text = |text: &Option<String>| text.as_deref().map(|text| self.0.text(text));
        Draft {
            url: self.url(&draft.url),
            typed: self.0.text(&draft.typed),
            target: text(&draft.target),
            fields: draft.fields.iter().map(|edit| self.edit(edit)).collect(),
            body: draft.body.as_ref().map(|body| self.body(body)),
            credentials: draft.credentials.as_ref().map(masked),
            netrc: draft.netrc.as_ref().map(|netrc| netrc.emptied()),
            referer: text(&draft.referer),
            cookie: draft.cookie.as_ref().map(|cookie| self.field_text("Cookie", cookie)),
            user_agent: text(&draft.user_agent),
            ..draft.clone()
        }
    }

    fn edit(&self, edit: &FieldEdit) -> FieldEdit {
        match edit {
            FieldEdit::Set(field) => {
                FieldEdit::Set(Field::new(&field.name, self.0.value(&field.name, &field.value)))
            }
            FieldEdit::Empty(_) | FieldEdit::Remove(_) => edit.clone(),
        }
    }

    fn planned(&self, planned: &Planned) -> Planned {
        Planned {
            request: self.request(&planned.request),
            trail: self.trail(&planned.trail),
            soft: self.followed(planned.soft.as_deref()),
            ..planned.clone()
        }
    }

    /// What is remembered beside the request is not shown anywhere: it goes altogether.
    fn trail(&self, trail: &Trail) -> Trail {
        Trail { authority: trail.authority.clone(), ..Trail::default() }
    }

    fn request(&self, request: &Request) -> Request {
        Request {
            url: self.url(&request.url),
            fields: self.0.fields(&request.fields),
            body: request.body.as_ref().map(|body| self.body(body)),
            http10: request.http10,
            exact_target: request.exact_target.as_deref().map(|target| self.0.text(target)),
            written: request.written.as_deref().map(|target| self.0.text(target)),
            ..request.clone()
        }
    }

    fn body(&self, body: &RequestBody) -> RequestBody {
        RequestBody { bytes: self.0.bytes(&body.bytes).into(), ..body.clone() }
    }

    /// `*` stands for itself in every part but the host, where no secret is looked for.
    fn url(&self, url: &Url) -> Url {
        let clean = Url::parse(&self.0.text(url.as_str()));
        clean.ok().filter(|clean| clean.host() == url.host()).unwrap_or_else(|| {
            let mut bare = url.clone();
            bare.set_query(None);
            bare.set_fragment(None);
            bare.set_path("");
            bare
        })
    }

    fn exchange(&self, exchange: &Exchange) -> Exchange {
        let mut clean = exchange.clone();
        clean.sent = exchange.sent.as_ref().map(|head| self.request_head(head));
        clean.response = exchange.response.as_ref().map(|head| self.response_head(head));
        clean.informational =
            exchange.informational.iter().map(|h| self.response_head(h)).collect();
        clean.body.head = self.0.bytes(&exchange.body.head).into();
        clean.trailers = self.0.fields(&exchange.trailers);
        clean.notes = exchange.notes.iter().map(|note| self.0.text(note)).collect();
        clean.failure = exchange.failure.as_ref().map(|failure| Failure {
            message: self.0.text(&failure.message),
            cause: self.0.text(&failure.cause),
            hint: self.0.text(&failure.hint),
            ..failure.clone()
        });
        if let Some(proxy) = &mut clean.connection.proxy {
            proxy.url = self.0.text(&proxy.url);
            proxy.pre = proxy.pre.as_ref().map(|pre| self.0.text(pre));
        }
        if let Some(tunnel) = &mut clean.connection.tunnel {
            tunnel.request = self.request_head(&tunnel.request);
            tunnel.response = tunnel.response.as_ref().map(|head| self.response_head(head));
        }
        clean
    }

    fn request_head(&self, head: &RequestHead) -> RequestHead {
        RequestHead {
            target: self.0.text(&head.target),
            fields: self.0.fields(&head.fields),
            raw: self.raw(&head.raw),
            ..head.clone()
        }
    }

    /// The bytes of a folded head are left out: a secret may go on behind a fold.
    fn response_head(&self, head: &ResponseHead) -> ResponseHead {
        let folded = head.deviations.iter().any(|of| of.kind == DeviationKind::FoldedLine);
        ResponseHead {
            reason: self.0.text(&head.reason),
            fields: self.0.fields(&head.fields),
            raw: if folded { Bytes::new() } else { self.raw(&head.raw) },
            strays: head.strays.iter().map(|stray| self.stray(stray)).collect(),
            ..head.clone()
        }
    }

    fn stray(&self, stray: &Stray) -> Stray {
        Stray { before: stray.before, bytes: self.0.bytes(&stray.bytes).to_vec() }
    }

    /// A raw head, line by line; what is no field line is text.
    fn raw(&self, raw: &Bytes) -> Bytes {
        let mut clean = Vec::with_capacity(raw.len());
        for line in raw.split_inclusive(|&byte| byte == b'\n') {
            let colon = line.iter().position(|&byte| byte == b':').filter(|_| !clean.is_empty());
            match colon.and_then(|at| Some((at, std::str::from_utf8(&line[..at]).ok()?))) {
                Some((at, name)) => {
                    let end = line.trim_ascii_end().len().max(at + 1);
                    let start = at
                        + 1
                        + (line[at + 1..end].len() - line[at + 1..end].trim_ascii_start().len());
                    clean.extend_from_slice(&line[..start]);
                    clean.extend(self.0.value(name.trim(), &line[start..end]));
                    clean.extend_from_slice(&line[end..]);
                }
                None => clean.extend(self.0.bytes(line)),
            }
        }
        clean.into()
    }

    fn resolution(&self, resolution: &Resolution) -> Resolution {
        Resolution {
            location: self.0.value("Location", &resolution.location),
            whatwg: resolution.whatwg.as_ref().map(|url| self.url(url)),
            rfc3986: resolution.rfc3986.as_deref().map(|text| self.0.text(text)),
            target: resolution.target.as_ref().map(|url| self.url(url)),
        }
    }

    fn log(&self, log: &CookieLog) -> CookieLog {
        let clean = |pair: &CookiePair| {
            let shown = self.field_text("Cookie", &format!("{}={}", pair.name, pair.value));
            let value = shown.get(pair.name.len() + 1..).unwrap_or_default().to_owned();
            CookiePair { name: pair.name.clone(), value }
        };
        CookieLog { sent: log.sent.iter().map(clean).collect(), ..log.clone() }
    }

    /// `name=value` of a cookie.
    fn cookie(&self, pair: &[u8]) -> Vec<u8> {
        self.0.value("Cookie", pair)
    }

    fn field_text(&self, name: &str, text: &str) -> String {
        let clean = self.0.value(name, text.as_bytes());
        String::from_utf8(clean).unwrap_or_else(|_| "*".repeat(text.len()))
    }
}

fn masked(credentials: &Credentials) -> Credentials {
    let stars = |text: &str| "*".repeat(text.len());
    match credentials {
        Credentials::Basic { user, password } => {
            let user = if secret::is_token(user) { stars(user) } else { user.clone() };
            Credentials::Basic { user, password: stars(password) }
        }
        Credentials::Bearer(token) => Credentials::Bearer(stars(token)),
    }
}
