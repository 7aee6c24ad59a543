//! `--redact` through sockets: a secret of each kind in every place, and not one of them in any format, on standard error or
//! in what is said of probes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod programs;
#[path = "support/recorder.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod recorder;

use hopstep::domain::export::Format;
use recorder::{Recorder, Seen, respond};

/// What each place holds: by name, by shape and by entropy.
const SECRETS: &[&str] = &[
    "QUERYs3cret01",
    "USERINFOpw02",
    "FRAGMENTtok03",
    "HEADERapikey04",
    "ghp_HEADERshape05abcdef0123456789",
    "COOKIEsid06a9f3c1e7b2d4",
    "BODYjsonpw07",
    "BODYformpw08",
    "LOCATIONtok09",
    "LOCATIONpw10",
    "SETCOOKIEsid11f3a9c1e7",
    "RESPONSEtok12",
    "BEARERtok13abcdef",
    "NESTEDtok14",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaGFwZTE1In0.c2lnbmF0dXJlMTU",
    "OWNNAMEpin16",
];

fn server() -> Recorder {
    Recorder::start(|seen: &Seen| {
        let host = seen.field("Host").unwrap_or_default();
        match seen.target.split('?').next().unwrap_or_default() {
            "/in" => respond(
                "302 Found",
                &[
                    &format!(
                        "Location: http://u:LOCATIONpw10@{host}/next?access_token=LOCATIONtok09#id_token=LOCATIONtok09"
                    ),
                    "Set-Cookie: sid=SETCOOKIEsid11f3a9c1e7; Path=/",
                    "X-Note: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaGFwZTE1In0.c2lnbmF0dXJlMTU",
                ],
                "<a href=\"/next?access_token=LOCATIONtok09\">Found</a> QUERYs3cret01",
            ),
            "/next" => {
                respond("303 See Other", &["Location: /end?next=%2Fcb%3Ftoken%3DNESTEDtok14"], "")
            }
            _ => {
                let echo = seen.field("Authorization").unwrap_or_default();
                let body = format!(
                    "{{\"refresh_token\": \"RESPONSEtok12\", \"echo\": \"NESTEDtok14 {echo}\"}}"
                );
                respond("200 OK", &["Content-Type: application/json"], &body)
            }
        }
    })
}

#[test]
fn no_format_of_trace_shows_a_secret_of_any_kind_from_any_place() {
    let server = server();
    let authority = server.addr;
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[secrets]\nparameters = [\"shoe-size\"]\n").unwrap();
    let url = format!(
        "http://me:USERINFOpw02@{authority}/in?token=QUERYs3cret01&shoe-size=OWNNAMEpin16#access_token=FRAGMENTtok03"
    );
    let common = [
        "trace",
        "--redact",
        "--config",
        config.to_str().unwrap(),
        "-H",
        "X-Api-Key: HEADERapikey04",
        "-H",
        "X-Note: ghp_HEADERshape05abcdef0123456789",
        "-b",
        "sid=COOKIEsid06a9f3c1e7b2d4",
    ];
    let json = ["--json", "{\"user\": \"me\", \"password\": \"BODYjsonpw07\"}"];
    let form = ["-d", "user=me&password=BODYformpw08", "--oauth2-bearer", "BEARERtok13abcdef"];
    for (name, _) in Format::ALL {
        for more in [&json[..], &form[..], &["--probe"][..]] {
            let args = [&common[..], more, &["--format", name, &url]].concat();
            let output =
                programs::clean(env!("CARGO_BIN_EXE_hopstep")).args(&args).output().unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(out.contains("/next") || *name == "curl", "{name}: {out}\n{said}");
            for secret in SECRETS {
                assert!(!out.contains(secret), "{name} {more:?}: {secret}\n{out}");
                assert!(
                    !said.contains(secret),
                    "{name} {more:?}: {secret} on standard error\n{said}"
                );
            }
            // user:password as Basic would write it
            for encoded in ["bWU6VVNFUklORk9wdzAy", "dTpMT0NBVElPTnB3MTA"] {
                assert!(!out.contains(encoded), "{name}: {encoded}\n{out}");
            }
        }
    }
}
