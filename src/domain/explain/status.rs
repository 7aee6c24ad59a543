//! The statuses that redirects turn on: meaning, method, caching, what browsers and search engines make of it, constants.

use super::{wrap, wrap_hanging};

struct Status {
    code: &'static str,
    name: &'static str,
    meaning: &'static str,
    method: &'static str,
    caching: &'static str,
    search: &'static str,
    reference: &'static str,
    /// Rust, Go, Java, Python, .NET, PHP (Symfony), Rails, Apache HttpComponents, Angular; empty: has none.
    constants: [&'static str; 9],
}

const LANGUAGES: [&str; 9] = [
    "Rust (http)",
    "Go",
    "Java",
    "Python",
    ".NET",
    "PHP (Symfony)",
    "Rails",
    "HttpComponents",
    "Angular",
];

/// Every code with its name.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    STATUSES.iter().map(|status| (status.code, status.name))
}

/// The explanation of this code.
pub(super) fn explanation(code: &str) -> Option<String> {
    let status = STATUSES.iter().find(|status| status.code == code)?;
    let mut text = format!("{} {}\n\n", status.code, status.name);
    let facts = [
        ("meaning", status.meaning),
        ("method", status.method),
        ("caching", status.caching),
        ("browsers", browsers(status.code)),
        ("search engines", status.search),
        ("standard", status.reference),
    ];
    for (name, fact) in facts {
        text += &wrap_hanging(&format!("  {name:<16}"), fact);
    }
    text += "\nConstants\n";
    for (language, constant) in LANGUAGES.iter().zip(status.constants) {
        text += &format!("  {language:<16}{constant}\n");
    }
    let rules = wrap("hopstep explain lists the rules that speak about redirects.", "");
    Some(text + "\n" + &rules)
}

/// What browsers make of a navigation that is answered so (Fetch, HTTP-redirect fetch; HTML, navigate).
fn browsers(code: &str) -> &'static str {
    match code {
        "301" => {
            "Follow it and remember it: the next visit goes to the target without asking. A POST becomes a GET."
        }
        "302" => "Follow it each time anew. A POST becomes a GET.",
        "303" => "Follow it with a GET; Back and Reload do not send the form again.",
        "307" => "Follow it and send the form again, body and all, without asking.",
        "308" => "Follow it with method and body, and remember it like a 301.",
        "304" => "Show the copy they have.",
        "401" => {
            "Ask for user and password where WWW-Authenticate is Basic, Digest or Negotiate; else show the page."
        }
        "300" | "305" | "306" => "Show the page: they do not follow it, Location or not.",
        _ => "Show the page; a Location does nothing here.",
    }
}

const STATUSES: [Status; 11] = [
    Status {
        code: "200",
        name: "OK",
        meaning: "The request succeeded; the response is the answer. An API that has an answer should say this rather than redirect.",
        method: "No further request.",
        caching: "Cacheable by default for GET, as its fields say.",
        search: "The page itself is indexed.",
        reference: "RFC 9110 §15.3.1",
        constants: [
            "StatusCode::OK",
            "http.StatusOK",
            "HttpURLConnection.HTTP_OK",
            "http.HTTPStatus.OK",
            "HttpStatusCode.OK",
            "Response::HTTP_OK",
            ":ok",
            "HttpStatus.SC_OK",
            "HttpStatusCode.Ok",
        ],
    },
    Status {
        code: "300",
        name: "Multiple Choices",
        meaning: "There are several representations to choose from; Location may name the preferred one.",
        method: "Clients differ: curl, wget and axios follow a Location, browsers and Python stop.",
        caching: "Cacheable by default.",
        search: "Rarely seen.",
        reference: "RFC 9110 §15.4.1",
        constants: [
            "StatusCode::MULTIPLE_CHOICES",
            "http.StatusMultipleChoices",
            "HttpURLConnection.HTTP_MULT_CHOICE",
            "http.HTTPStatus.MULTIPLE_CHOICES",
            "HttpStatusCode.MultipleChoices",
            "Response::HTTP_MULTIPLE_CHOICES",
            ":multiple_choices",
            "HttpStatus.SC_MULTIPLE_CHOICES",
            "HttpStatusCode.MultipleChoices",
        ],
    },
    Status {
        code: "301",
        name: "Moved Permanently",
        meaning: "The resource has a new address for good; links should be updated.",
        method: "A client may turn POST into GET, and most do. Other methods are kept by the standard, but not by all clients. Use 308 where the method must stay.",
        caching: "Cacheable by default, without a limit: say how long with Cache-Control, or it can't be taken back.",
        search: "Passes the ranking to the target; the strongest sign of a canonical address.",
        reference: "RFC 9110 §15.4.2",
        constants: [
            "StatusCode::MOVED_PERMANENTLY",
            "http.StatusMovedPermanently",
            "HttpURLConnection.HTTP_MOVED_PERM",
            "http.HTTPStatus.MOVED_PERMANENTLY",
            "HttpStatusCode.MovedPermanently",
            "Response::HTTP_MOVED_PERMANENTLY",
            ":moved_permanently",
            "HttpStatus.SC_MOVED_PERMANENTLY",
            "HttpStatusCode.MovedPermanently",
        ],
    },
    Status {
        code: "302",
        name: "Found",
        meaning: "The resource is elsewhere for now; ask the same address again next time.",
        method: "A client may turn POST into GET, and most do; some turn PUT, PATCH and DELETE into GET too, or send them without their body. Use 303 for \"see the result there\", 307 for \"send this there\".",
        caching: "Not cached unless Cache-Control or Expires says so.",
        search: "The old address stays indexed; one that lasts is taken for a 301 in the end.",
        reference: "RFC 9110 §15.4.3",
        constants: [
            "StatusCode::FOUND",
            "http.StatusFound",
            "HttpURLConnection.HTTP_MOVED_TEMP",
            "http.HTTPStatus.FOUND",
            "HttpStatusCode.Found",
            "Response::HTTP_FOUND",
            ":found",
            "HttpStatus.SC_MOVED_TEMPORARILY",
            "HttpStatusCode.Found",
        ],
    },
    Status {
        code: "303",
        name: "See Other",
        meaning: "The result of the request is to be read at another address. The right answer to a form that was posted.",
        method: "The next request is a GET (HEAD stays HEAD), without the body.",
        caching: "The 303 itself is not cached unless its fields say so.",
        search: "Treated as temporary.",
        reference: "RFC 9110 §15.4.4",
        constants: [
            "StatusCode::SEE_OTHER",
            "http.StatusSeeOther",
            "HttpURLConnection.HTTP_SEE_OTHER",
            "http.HTTPStatus.SEE_OTHER",
            "HttpStatusCode.SeeOther",
            "Response::HTTP_SEE_OTHER",
            ":see_other",
            "HttpStatus.SC_SEE_OTHER",
            "HttpStatusCode.SeeOther",
        ],
    },
    Status {
        code: "304",
        name: "Not Modified",
        meaning: "The copy the client has is still good. Not a redirect; a Location here means nothing, although curl follows it.",
        method: "No further request.",
        caching: "Refreshes the stored response.",
        search: "The page is as it was.",
        reference: "RFC 9110 §15.4.5",
        constants: [
            "StatusCode::NOT_MODIFIED",
            "http.StatusNotModified",
            "HttpURLConnection.HTTP_NOT_MODIFIED",
            "http.HTTPStatus.NOT_MODIFIED",
            "HttpStatusCode.NotModified",
            "Response::HTTP_NOT_MODIFIED",
            ":not_modified",
            "HttpStatus.SC_NOT_MODIFIED",
            "HttpStatusCode.NotModified",
        ],
    },
    Status {
        code: "305",
        name: "Use Proxy",
        meaning: "Deprecated: a server can't be trusted to choose a proxy. Most clients ignore it.",
        method: "Clients differ; none should follow it.",
        caching: "Not cached by default.",
        search: "None.",
        reference: "RFC 9110 §15.4.6",
        constants: [
            "StatusCode::USE_PROXY",
            "http.StatusUseProxy",
            "HttpURLConnection.HTTP_USE_PROXY",
            "http.HTTPStatus.USE_PROXY",
            "HttpStatusCode.UseProxy",
            "Response::HTTP_USE_PROXY",
            ":use_proxy",
            "HttpStatus.SC_USE_PROXY",
            "HttpStatusCode.UseProxy",
        ],
    },
    Status {
        code: "307",
        name: "Temporary Redirect",
        meaning: "Send this very request to the other address, this time.",
        method: "Method and body are kept. A body that was streamed can't be sent again: clients fail, stop, or send it empty.",
        caching: "Not cached unless Cache-Control or Expires says so.",
        search: "As 302. Browsers show a 307 of their own when HSTS upgrades a request.",
        reference: "RFC 9110 §15.4.8",
        constants: [
            "StatusCode::TEMPORARY_REDIRECT",
            "http.StatusTemporaryRedirect",
            "HttpStatus.TEMPORARY_REDIRECT (Spring; the JDK has none)",
            "http.HTTPStatus.TEMPORARY_REDIRECT",
            "HttpStatusCode.TemporaryRedirect",
            "Response::HTTP_TEMPORARY_REDIRECT",
            ":temporary_redirect",
            "HttpStatus.SC_TEMPORARY_REDIRECT",
            "HttpStatusCode.TemporaryRedirect",
        ],
    },
    Status {
        code: "308",
        name: "Permanent Redirect",
        meaning: "The resource has a new address for good, for every method.",
        method: "Method and body are kept. Old clients do not know it and stop (Java's HttpURLConnection, OkHttp 3 for POST).",
        caching: "Cacheable by default, as 301.",
        search: "As 301.",
        reference: "RFC 9110 §15.4.9",
        constants: [
            "StatusCode::PERMANENT_REDIRECT",
            "http.StatusPermanentRedirect",
            "HttpStatus.PERMANENT_REDIRECT (Spring; the JDK has none)",
            "http.HTTPStatus.PERMANENT_REDIRECT",
            "HttpStatusCode.PermanentRedirect",
            "Response::HTTP_PERMANENTLY_REDIRECT",
            ":permanent_redirect",
            "HttpStatus.SC_PERMANENT_REDIRECT",
            "HttpStatusCode.PermanentRedirect",
        ],
    },
    Status {
        code: "401",
        name: "Unauthorized",
        meaning: "Credentials are missing or not valid; WWW-Authenticate says which are wanted. What an API should answer where a web page redirects to a login.",
        method: "The same request may be sent again with credentials.",
        caching: "Not cached by default.",
        search: "Not indexed.",
        reference: "RFC 9110 §15.5.2",
        constants: [
            "StatusCode::UNAUTHORIZED",
            "http.StatusUnauthorized",
            "HttpURLConnection.HTTP_UNAUTHORIZED",
            "http.HTTPStatus.UNAUTHORIZED",
            "HttpStatusCode.Unauthorized",
            "Response::HTTP_UNAUTHORIZED",
            ":unauthorized",
            "HttpStatus.SC_UNAUTHORIZED",
            "HttpStatusCode.Unauthorized",
        ],
    },
    Status {
        code: "511",
        name: "Network Authentication Required",
        meaning: "A network on the way, such as a hotel's, wants a login first; the answer is not the server's.",
        method: "No redirect is followed; the user has to act.",
        caching: "Never cached.",
        search: "Not indexed.",
        reference: "RFC 6585 §6",
        constants: [
            "StatusCode::NETWORK_AUTHENTICATION_REQUIRED",
            "http.StatusNetworkAuthenticationRequired",
            "HttpStatus.NETWORK_AUTHENTICATION_REQUIRED (Spring; the JDK has none)",
            "http.HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED",
            "HttpStatusCode.NetworkAuthenticationRequired",
            "Response::HTTP_NETWORK_AUTHENTICATION_REQUIRED",
            ":network_authentication_required",
            "HttpStatus.SC_NETWORK_AUTHENTICATION_REQUIRED",
            "HttpStatusCode.NetworkAuthenticationRequired",
        ],
    },
];
