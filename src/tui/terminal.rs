//! The terminal as the program finds it, takes it over and gives it back.
//!
//! Promises: what [`Screen::enter`] switches on, [`restore`] switches off, from any thread and any number of times; a frame is
//! written in one go.

use std::fmt::{self, Debug, Formatter};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, queue};
use ratatui::buffer::Buffer;

use crate::app::model::Model;

use super::links;
use super::surface::Surface;
use super::theme::{self, Named, Theme};
use super::view;

/// The alternate screen is up and the terminal is in raw mode.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while the program holds it. Dropping it gives the terminal back.
pub struct Screen {
    surface: Surface,
    /// A frame on its way to the terminal, which it reaches in one write.
    out: Vec<u8>,
    /// The theme drawn last, by its number, as this terminal can show it.
    theme: Option<(usize, Theme)>,
    /// The mouse is captured.
    mouse: bool,
    /// The terminal is known to have hyperlinks.
    links: bool,
}

impl Screen {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste, mouse.
    pub fn enter() -> io::Result<Screen> {
        take()?;
        let links = links::known(&|name| std::env::var(name).ok());
        Ok(Screen { surface: Surface::default(), out: Vec::new(), theme: None, mouse: true, links })
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        terminal::size()
    }

    /// Brings the screen up to the model; only cells that changed are written. Does nothing once the terminal is given back.
    pub fn draw(&mut self, model: &Model) -> io::Result<()> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.mind_the_mouse(model.mouse)?;
        let theme = self.theme(model.theme).linking(model.links.unwrap_or(self.links));
        queue!(self.out, BeginSynchronizedUpdate)?;
        let draw = |buffer: &mut Buffer| view::cells(model, &theme, buffer);
        self.surface.paint(model.size, &mut self.out, draw)?;
        queue!(self.out, EndSynchronizedUpdate)?;
        let (mut out, frame) = (io::stdout(), std::mem::take(&mut self.out));
        out.write_all(&frame)?;
        // the room is kept for the next one
        self.out = frame;
        self.out.clear();
        out.flush()
    }

    fn theme(&mut self, number: usize) -> Theme {
        let known = self.theme.filter(|(own, _)| *own == number).map(|(_, theme)| theme);
        let theme = known.unwrap_or_else(|| themed(number));
        self.theme = Some((number, theme));
        theme
    }

    /// Takes the mouse or hands it back, when that changed.
    fn mind_the_mouse(&mut self, wanted: bool) -> io::Result<()> {
        if std::mem::replace(&mut self.mouse, wanted) == wanted {
            return Ok(());
        }
        match wanted {
            true => queue!(self.out, EnableMouseCapture),
            false => queue!(self.out, DisableMouseCapture),
        }
    }

    /// Gives the terminal back for a while; the caller stops the process.
    pub fn suspend(&mut self) {
        restore();
    }

    /// Takes the terminal again after [`Screen::suspend`]. The next [`Screen::draw`] paints everything.
    pub fn resume(&mut self) -> io::Result<()> {
        take()?;
        self.mouse = true;
        self.surface.forget();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

impl Debug for Screen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("theme", &self.theme).finish_non_exhaustive()
    }
}

/// Puts the terminal back: cooked mode, main screen, cursor, mouse, paste mode. Does nothing when the program does not hold it.
///
/// For panic hooks and signals too. Errors are left alone: there is nowhere to tell them.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Hands text to the terminal's own clipboard (OSC 52). The terminal never says whether it took it.
pub fn copy_osc52(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    queue!(out, CopyToClipboard::to_clipboard_from(text))?;
    out.flush()
}

/// The theme of this number as the environment asks for.
fn themed(number: usize) -> Theme {
    let environment = |name: &str| std::env::var(name).ok();
    theme::all().get(number).map_or(Theme::COLORS, Named::theme).within(&environment)
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    let taken =
        queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableMouseCapture, cursor::Hide)
            .and_then(|()| out.flush());
    if taken.is_err() {
        restore();
    }
    taken
}
