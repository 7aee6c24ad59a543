//! Takes in one option after the other.

use super::data::{self, Data, Reading};
use super::table::Opt;
use super::transport;
use super::{Inputs, Options, Refusal, fields, form};
use crate::domain::http::schemes::Schemes;

/// One option as it was written.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub opt: Opt,
    /// `-d`, `--data`
    pub name: &'a str,
    pub value: &'a [u8],
    /// `false` for `--no-…`.
    pub on: bool,
}

impl Given<'_> {
    /// The value as text; options that take text refuse other bytes.
    pub(super) fn text(&self) -> Result<String, Refusal> {
        String::from_utf8(self.value.to_vec()).map_err(|_| {
            let instead = match self.opt {
                Opt::UserAgent => "; -H 'User-Agent: …' sends any byte",
                Opt::Referer => "; -H 'Referer: …' sends any byte",
                Opt::Cookie => "; -H 'Cookie: …' sends any byte",
                Opt::User => "; -H 'Authorization: Basic …' sends any bytes, in Base64",
                _ => "",
            };
            Refusal::new(self.name, format!("the value is not UTF-8{instead}"))
        })
    }

    pub(super) fn refuse(&self, why: impl Into<String>) -> Refusal {
        let value = String::from_utf8_lossy(self.value);
        Refusal::new(format!("{} {value}", self.name).trim_end(), why)
    }
}

impl Options {
    /// Takes in one option. Options read from [`Inputs`] at once, in the order they are given.
    pub fn take(&mut self, given: Given<'_>, inputs: &dyn Inputs) -> Result<(), Refusal> {
        match given.opt {
            Opt::Request => self.request = Some(given.text()?),
            Opt::Header => fields::take(self, given.value, given.name, inputs)?,
            Opt::Data => self.add_data(given, Reading::Text, inputs)?,
            Opt::DataRaw => self.add_data(given, Reading::Raw, inputs)?,
            Opt::DataBinary | Opt::Json => self.add_data(given, Reading::Binary, inputs)?,
            Opt::DataUrlencode => self.add_data(given, Reading::Encoded, inputs)?,
            Opt::Form | Opt::FormString => {
                let plain = given.opt == Opt::FormString;
                form::add(&mut self.form, given.value, (given.name, plain), inputs)?;
            }
            Opt::Upload if self.upload.is_some() => {
                return Err(
                    given.refuse("one URL takes one file: curl gives each -T a URL of its own")
                );
            }
            Opt::Upload => self.upload = Some(given.text()?).filter(|file| !file.is_empty()),
            Opt::Get => self.get = given.on,
            Opt::Head => self.head = given.on,
            Opt::Range => self.range = Some(range(given)?),
            Opt::Url => self.urls.push(given.value.to_vec()),
            Opt::Globoff => self.globoff = given.on,
            Opt::UrlQuery => self.add_url_query(given, inputs)?,
            Opt::User => self.user = Some(given.text()?),
            Opt::Basic => self.basic = given.on,
            Opt::Bearer => self.bearer = Some(given.text()?),
            Opt::Netrc => self.netrc.on = given.on,
            Opt::NetrcOptional => self.netrc.optional = given.on,
            Opt::NetrcFile => self.netrc.file = Some(given.text()?),
            Opt::Cookie => self.add_cookies(given)?,
            Opt::CookieJar => {
                self.cookie_files.write = Some(given.text()?);
                self.cookie_files.on = true;
            }
            Opt::JunkSession => self.cookie_files.junk_session = given.on,
            Opt::UserAgent => self.user_agent = Some(given.text()?),
            Opt::Referer => self.set_referer(&given.text()?),
            Opt::PathAsIs => self.switches.path_as_is = given.on,
            Opt::Compressed => self.compressed = given.on,
            Opt::Proto => self.switches.proto = Some(schemes(given)?),
            Opt::ProtoRedir => self.switches.proto_redir = Some(schemes(given)?),
            Opt::ProtoDefault => self.proto_default = Some(default_scheme(given)?),
            Opt::MaxRedirs => self.set_max_redirs(given)?,
            Opt::Follow => self.switches.follow = given.on,
            // curl reads both as "follow no redirects" (`src/tool_getparam.c`)
            Opt::Location | Opt::LocationTrusted if !given.on => {
                return Err(Refusal::new(
                    given.name,
                    "hopstep follows redirects; --max-redirs 0 stops at the first",
                ));
            }
            Opt::LocationTrusted => self.switches.location_trusted = given.on,
            Opt::Post301 => self.switches.post301 = given.on,
            Opt::Post302 => self.switches.post302 = given.on,
            Opt::Post303 => self.switches.post303 = given.on,
            Opt::Fail => self.fail = given.on,
            Opt::Insecure | Opt::Cacert | Opt::Capath | Opt::Cert | Opt::Key => {
                self.transport.take_tls(given)?
            }
            Opt::FileType => transport::known_type(&given)?,
            Opt::Proxy
            | Opt::Proxy10
            | Opt::Preproxy
            | Opt::ProxyUser
            | Opt::Noproxy
            | Opt::Socks(_) => {
                self.transport.take_proxy(given)?;
            }
            Opt::ProxyInsecure
            | Opt::ProxyCacert
            | Opt::ProxyCapath
            | Opt::ProxyCert
            | Opt::ProxyKey
            | Opt::ProxyTunnel
            | Opt::ProxyHttp2 => self.transport.take_to_proxy(given)?,
            Opt::ProxyHeader => {
                let edits = fields::edits(given.value, given.name, inputs)?;
                self.transport.add_to_proxy(edits);
            }
            Opt::Resolve
            | Opt::ConnectTo
            | Opt::UnixSocket
            | Opt::Ipv4
            | Opt::Ipv6
            | Opt::Alpn
            | Opt::TlsLeast(_)
            | Opt::TlsMax
            | Opt::Http10
            | Opt::Http11
            | Opt::Http2
            | Opt::Http2PriorKnowledge
            | Opt::ConnectTimeout
            | Opt::MaxTime => self.transport.take_connection(given)?,
            Opt::Location | Opt::NoDifference => {}
            Opt::Output => self.left_out.push(given.name.to_owned()),
            // `--no-…` of an option that is refused only says that it stays off.
            Opt::Refused(why) if given.on => return Err(Refusal::new(given.name, why)),
            Opt::Refused(_) => {}
        }
        Ok(())
    }

    fn add_data(
        &mut self,
        given: Given<'_>,
        reading: Reading,
        inputs: &dyn Inputs,
    ) -> Result<(), Refusal> {
        let json = given.opt == Opt::Json;
        let piece = data::read(given.value, reading, given.name, inputs)?;
        self.data.get_or_insert_default().add(&piece, json);
        self.json |= json;
        Ok(())
    }

    /// `--url-query`: encoded as by `--data-urlencode`, except after a leading `+`.
    fn add_url_query(&mut self, given: Given<'_>, inputs: &dyn Inputs) -> Result<(), Refusal> {
        let piece = match given.value {
            [b'+', raw @ ..] => raw.to_vec(),
            value => data::read(value, Reading::Encoded, given.name, inputs)?,
        };
        let query: &mut Data = &mut self.query;
        query.add(&piece, false);
        Ok(())
    }

    /// With `=` it is cookies, else a file (`src/tool_getparam.c`).
    fn add_cookies(&mut self, given: Given<'_>) -> Result<(), Refusal> {
        let text = given.text()?;
        if text.contains('=') {
            self.cookies.push(text);
            return Ok(());
        }
        self.cookie_files.on = true;
        if !text.is_empty() {
            self.cookie_files.read.push(text);
        }
        Ok(())
    }

    fn set_referer(&mut self, value: &str) {
        let auto = value.strip_suffix(";auto");
        self.switches.auto_referer = auto.is_some();
        let url = auto.unwrap_or(value);
        self.referer = (!url.is_empty()).then(|| url.to_owned());
    }

    fn set_max_redirs(&mut self, given: Given<'_>) -> Result<(), Refusal> {
        let number = transport::number(&given)?;
        self.switches.max_redirs = Some(match number {
            -1 => None,
            n => Some(u32::try_from(n).map_err(|_| given.refuse("expects a number, or -1"))?),
        });
        Ok(())
    }
}

/// curl appends the dash that is missing behind a number, and leaves what stands there instead (`src/tool_getparam.c`).
fn range(given: Given<'_>) -> Result<String, Refusal> {
    let range = given.text()?;
    if range.contains('-') || !range.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(range);
    }
    let digits = range.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    let from: i64 = digits.parse().map_err(|_| given.refuse("no file is that long"))?;
    Ok(format!("{from}-"))
}

fn schemes(given: Given<'_>) -> Result<Schemes, Refusal> {
    let expected = "expects schemes with =, + or - before them, such as =https";
    Schemes::parse(&given.text()?).ok_or_else(|| given.refuse(expected))
}

/// `--proto-default`: hopstep speaks no other protocol.
fn default_scheme(given: Given<'_>) -> Result<&'static str, Refusal> {
    let text = given.text()?;
    let known = ["http", "https"].into_iter().find(|scheme| scheme.eq_ignore_ascii_case(&text));
    known.ok_or_else(|| given.refuse("hopstep speaks http and https only"))
}
