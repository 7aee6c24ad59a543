//! hopstep: a terminal debugger for HTTP redirects. It sends one request at a time and stops at every hop.
//!
//! # The map
//!
//! ```text
//!  keys, mouse, resize                                             network, clipboard, files
//!         │                                                                  ▲
//!         ▼                                                                  │
//!    tui::input ──Message──▶ app::update ──Vec<Effect>──▶ shell ──────▶ fetch, clipboard, files
//!                               │  ▲                        │
//!                             Model └───Message::Fetched────┘
//!                               │
//!                               ▼
//!                           tui::view ──▶ screen            domain: redirects, clients, rules,
//!                                                           exports, imports (pure; used by all)
//! ```
//!
//! Data goes round once, in one direction. Screens read the model; only `update` writes it; `domain`, `app` and `tui` never await.
//! Without a screen (`trace`, CI), [`headless`] drives the same domain with the same engine.
//!
//! ```text
//!  POST │ http://shop.test/checkout     │ curl │ ❚❚ paused · 2 hops · ▲ 2     tui/panes/bar.rs
//! ┌ Chain ─────────────────────┐┌ 1 Response ─ 2 Request ─ 3 Body ─ … ───────┐ tui/panes/tabs.rs
//! │   1 POST 308 http://shop…  ││ HTTP/1.1 302 Found                         │ app/page/response.rs
//! │     │  http → https        ││ ▲ post-rewritten-to-get  the 302 lets …    │ domain/rules/post_rewritten_to_get.rs
//! │ ▶ 2 POST 302 https://…  ▲2 ││ Location: /orders/17                       │
//! │     ┆  POST → GET  − body  ││                                            │
//! │   ▷ 3 GET  ···· https://…  ││                                            │ tui/panes/chain.rs
//! └────────────────────────────┘└────────────────────────────────────────────┘
//! ┌ Next request (not sent) ─────────────────────────────────────────────────┐
//! │ GET /orders/17        was POST /checkout    − Content-Type  + Cookie sid │ tui/panes/next.rs
//! └──────────────────────────────────────────────────────────────────────────┘
//!  s step  c continue  y copy  / find  ? help  q quit                            tui/keymap.rs
//! ```
//!
//! # Where an answer is found
//!
//! | question | place |
//! |---|---|
//! | What does a command do with its arguments? | `commands`, of the program `main.rs` |
//! | What does a client do with this response? | [`domain::redirect::next`], parameters in `assets/clients/*.toml` |
//! | What comes next in a chain, and when does it end? | [`domain::chain::Chain`] |
//! | What is wrong with it? | [`domain::rules`], one file a rule |
//! | What exactly was sent and received? | [`fetch`], which fills a [`domain::http::exchange::Exchange`] |
//! | How do the bytes get to the server and back? | `fetch::transport` |
//! | What does the configuration say? | `domain::config`; `cli` reads the files |
//! | What must a redirect be, and is it? | `domain::check`, run by `headless::check` |
//! | Where are past runs kept? | `store::history`, written by `shell::history` |
//! | How is a key turned into an action? | `tui::keymap` → [`app::message`] → [`app::update`] |
//! | How does a body of a gigabyte get on the screen? | [`domain::body_view`]: a sparse index, and windows |
//! | Where do two runs part, and their bodies? | [`domain::comparison`]; bodies on a thread, `shell::differ` |
//! | How does a frame get on the terminal? | [`tui::surface`]: what changed, in one write |
//! | What may a server's bytes do to the terminal? | nothing: [`domain::escape`] |
//!
//! # Words
//!
//! **Hop**: one exchange in a chain. **Chain**: the hops so far and what comes next. **Client**: how one HTTP client behaves.
//! **Attempt**: the evidence for a decision. **Action**: the decision (`Follow`, `Stop`, `Final`). **Ending**: why a chain stopped.
//! **Finding**: what a rule says about a hop. Everything else is named as in RFC 9110.

pub mod app;
pub mod cli;
pub mod domain;
pub mod fetch;
pub mod headless;
pub mod lab;
pub mod shell;
pub mod store;
pub mod tui;
