//! The curl command that plays a scenario against running servers.

use std::fmt::Write as _;
use std::path::Path;

use crate::domain::http::method::Method;

use super::Lab;
use super::proxy::House;
use super::scenario::{Cookies, Scenario};

/// A config file for `curl -K` that maps the lab's names and trusts its authority. Proxies that the environment names know
/// nothing of the lab.
pub(crate) fn curl_config(houses: &[House], ca_file: &Path) -> String {
    let ca_file = quoted(&ca_file.display().to_string());
    let mut config =
        format!("# for `curl -K`: the lab's hosts and its authority\ncacert = \"{ca_file}\"\n");
    config.push_str("noproxy = \"*\"\n");
    for House { site, addr } in houses {
        let port = site.scheme.default_port();
        let _ = writeln!(config, "connect-to = \"{}:{port}:{addr}\"", site.host);
    }
    config
}

/// The scenario as a curl command that works as long as the lab runs.
pub fn curl(scenario: &Scenario, lab: &Lab) -> String {
    let config = lab.curl_config().display().to_string();
    let start = &scenario.request;
    let mut words = vec!["curl".to_owned(), "-K".to_owned(), shell(&config), "-vL".to_owned()];
    let implied = if start.payload().is_some() { Method::POST } else { Method::GET };
    if start.method == Method::HEAD && !start.forced {
        words.push("-I".to_owned());
    } else if start.forced || start.method != implied {
        words.extend(["-X".to_owned(), shell(start.method.as_str())]);
    }
    let mut option = |name: &str, value: &str| words.extend([name.to_owned(), shell(value)]);
    for (name, value) in &start.fields {
        option("-H", &format!("{name}: {value}"));
    }
    if let Some(user) = &start.user {
        option("-u", user);
    }
    if let Some(token) = &start.bearer {
        option("--oauth2-bearer", token);
    }
    if start.cookies == Cookies::On {
        option("-b", "");
    }
    match (&start.form, &start.json, &start.body) {
        (Some(form), _, _) => option("--data-raw", form),
        (_, Some(json), _) => option("--json", json),
        (_, _, Some(body)) => {
            let typed = |(name, _): &(String, String)| name.eq_ignore_ascii_case("Content-Type");
            if !start.fields.iter().any(typed) {
                option("-H", "Content-Type:");
            }
            option("--data-raw", body);
        }
        (None, None, None) => {}
    }
    words.push(shell(start.url.as_str()));
    words.join(" ")
}

/// A word for a POSIX shell.
fn shell(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    match !word.is_empty() && word.bytes().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// Text inside the double quotes of a curl config file.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::shell;

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(shell("http://a.test/x"), "http://a.test/x");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("it's $HOME"), r"'it'\''s $HOME'");
    }
}
