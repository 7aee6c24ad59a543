//! Theme and keymap files: what they change on the screen, and how a fault in them is told.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

#[path = "support/player.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod player;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/server.rs"]
mod server;
#[path = "support/terminal.rs"]
mod terminal;
#[path = "support/world.rs"]
mod world;
#[path = "screens/worlds.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod worlds;

use std::fs;
use std::process::Output;

use hopstep::app::message::Message;
use hopstep::tui::keymap;
use insta::assert_snapshot;
use player::Player;
use tempfile::TempDir;
use terminal::{HOPSTEP, Terminal, command};

/// A home folder with these files in the program's folder.
fn home(files: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = home.path().join(".config/hopstep").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    home
}

fn config(files: &[(&str, &str)]) -> Output {
    let home = home(files);
    let mut program = programs::clean(HOPSTEP);
    program.arg("config").current_dir(home.path()).env("HOME", home.path()).output().unwrap()
}

fn fault(files: &[(&str, &str)]) -> String {
    let output = config(files);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The program on a screen, in this home, with this environment on top.
fn on_screen(home: &TempDir, environment: &[(&str, &str)]) -> Terminal {
    let url = format!("http://127.0.0.1:{}/1", server::chain(3));
    let mut program = command(HOPSTEP, &[&url]);
    program.env("HOME", home.path());
    program.env_remove("XDG_CONFIG_HOME");
    program.env("XDG_STATE_HOME", home.path().join("state"));
    environment.iter().for_each(|(name, value)| program.env(name, value));
    let terminal = Terminal::start(program, 100, 30);
    terminal.wait_for_text("GET 302");
    terminal
}

fn end(mut terminal: Terminal) {
    terminal.keys("\x03\x03");
    assert_eq!(terminal.exit_status(), 0);
}

/// The example of the README that begins with this comment.
fn example(first: &str) -> String {
    let readme = include_str!("../README.md");
    let from = readme.find(first).unwrap_or_else(|| panic!("no {first}"));
    readme[from..].split("```").next().unwrap().to_owned()
}

#[test]
fn a_fault_in_a_theme_is_told_with_its_place_and_the_nearest_name() {
    let theme = |text: &'static str| [("config.toml", "theme = \"my\""), ("themes/my.toml", text)];
    assert_eq!(
        fault(&theme("[colors]\naccent = \"cyan\"\n wran = \"red\"\n")),
        "hopstep: ~/.config/hopstep/themes/my.toml:3:2: there is no colour slot \"wran\"; did you mean \"warn\"?\n"
    );
    assert_eq!(
        fault(&[("config.toml", "client = \"go\"\ntheme = \"ligth\"\n")]),
        "hopstep: ~/.config/hopstep/config.toml:2:9: there is no theme \"ligth\" (did you mean \"light\"?); \
         there are terminal, dark, light, high-contrast, colour-blind\n"
    );
    // one that nobody asked for bars nothing
    let output = config(&[("themes/other.toml", "colours = 1")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn the_examples_of_the_readme_are_files_that_load() {
    let theme = example("# ~/.config/hopstep/themes/amber.toml");
    let files = [("config.toml", "theme = \"amber\""), ("themes/amber.toml", theme.as_str())];
    let output = config(&files);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let keymap = example("# ~/.config/hopstep/keymap.toml");
    let output = config(&[("keymap.toml", &keymap)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("in.session.continue = [\"c\", \"f5\"]"), "{text}");
    assert!(text.contains("in.menu.down = [\"ctrl-n\", \"down\"]"), "{text}");
}

#[test]
fn a_fault_in_the_keys_is_told_with_its_place_wherever_they_stand() {
    assert_eq!(
        fault(&[("keymap.toml", "preset = \"vim\"\n[keys]\nstep = \"c\"\n")]),
        "hopstep: ~/.config/hopstep/keymap.toml:3:8: \"c\" is the key of continue too (in session); give that another one\n"
    );
    assert_eq!(
        fault(&[("config.toml", "[keys]\nstep = \"x\"\nresnd = \"t\"\n")]),
        "hopstep: ~/.config/hopstep/config.toml:3:9: there is no action \"resnd\"; did you mean \"resend\"?\n"
    );
    assert!(
        fault(&[("config.toml", "keymap = \"vi\"")])
            .contains("config.toml:1:10: there is no preset \"vi\""),
    );
}

#[test]
fn the_configured_keys_work_and_stand_in_footer_and_help() {
    let home = home(&[("config.toml", "keymap = \"emacs\"\n[keys]\nstep = [\"t\", \"f10\"]\n")]);
    let mut terminal = on_screen(&home, &[]);
    terminal.wait_for_text("t step");
    terminal.keys("t");
    terminal.wait_for_text("2 GET 302");
    terminal.keys("\x1b[21~");
    terminal.wait_for_text("3 GET 200");
    terminal.keys("?");
    terminal.wait_for_text("t F10");
    terminal.keys("\x07");
    terminal
        .wait_for("the help gone", |output| !output.parser.screen().contents().contains("t F10"));
    terminal.keys("\x18\x03");
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn presets_show_their_own_keys_on_every_screen() {
    for (number, name) in keymap::names().enumerate().skip(1) {
        for (width, height) in [(40, 12), (80, 24), (120, 40)] {
            let mut player = Player::new(worlds::CHECKOUT).size(width, height).keys("enter s");
            player.send(Message::Keys(Box::new(keymap::keys(number))));
            let player = player.keys("?");
            assert_snapshot!(format!("keys-{}-help-{width}x{height}", name), player.screen());
            let player = player.keys("esc");
            let footer = player.screen().lines().last().unwrap().to_owned();
            assert_snapshot!(format!("keys-{}-{width}x{height}", name), footer);
        }
    }
}

#[test]
fn a_sequence_of_a_preset_says_how_it_goes_on() {
    let mut player = Player::new(worlds::CHECKOUT).size(80, 24).keys("enter s");
    player.send(Message::Keys(Box::new(keymap::keys(2))));
    let player = player.keys("ctrl-x");
    let screen = player.screen();
    let rows: Vec<&str> = screen.lines().collect();
    assert_snapshot!("keys-emacs-begun-80x24", rows[rows.len() - 4..].join("\n"));
    let player = player.keys("1");
    assert!(player.model.panes.zoomed);
}

#[test]
fn the_configured_theme_is_drawn_and_no_color_wins() {
    let theme = "[colors]\nbackground = \"#102030\"\naccent = \"#abcdef\"\n";
    let home = home(&[("config.toml", "theme = \"my\""), ("themes/my.toml", theme)]);
    let terminal = on_screen(&home, &[("COLORTERM", "truecolor")]);
    assert!(String::from_utf8_lossy(&terminal.output().raw).contains("48;2;16;32;48"));
    end(terminal);
    let terminal = on_screen(&home, &[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]);
    assert!(!String::from_utf8_lossy(&terminal.output().raw).contains(";2;"));
    end(terminal);
}

#[test]
fn every_fault_of_the_configuration_is_told_and_every_key_says_where_it_is_from() {
    let told = fault(&[("config.toml", "clint = \"go\"\n[limits]\nredirect = 3\n")]);
    let places: Vec<&str> = told.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    let file = "~/.config/hopstep/config.toml";
    assert_eq!(places, [format!("{file}:1:1:"), format!("{file}:3:1:")], "{told}");
    let shown = config(&[("keymap.toml", "preset = \"vim\"\n[keys]\nstep = \"f10\"\n")]).stdout;
    let shown = String::from_utf8(shown).unwrap();
    let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap();
    assert!(line("in.session.step ").ends_with("# ~/.config/hopstep/keymap.toml:3"), "{shown}");
    assert!(line("in.session.continue ").ends_with("# preset vim"), "{shown}");
    assert!(shown.lines().all(|line| line.contains(" # ")), "{shown}");
}
