//! Text over the server: offered to those who ask, and fetched from those who offer.
use std::sync::Arc;

use x11rb::{
    connection::{Connection, RequestConnection},
    protocol::{
        Event,
        xproto::{
            Atom, AtomEnum, ConnectionExt, EventMask, PropMode, Property, SELECTION_NOTIFY_EVENT,
            SelectionNotifyEvent, SelectionRequestEvent,
        },
    },
    wrapper::ConnectionExt as _,
};

use super::{Fallible, OnPaste, Seat};

/// Text longer than this, in bytes, is not pasted: nobody wrote it.
const PASTE_LIMIT: usize = 16 * 1024 * 1024;

x11rb::atom_manager! {
    /// The names that the clipboard's protocol (ICCCM 2.6) goes by.
    pub Atoms: AtomsCookie {
        CLIPBOARD,
        TARGETS,
        UTF8_STRING,
        INCR,
        PLAIN: b"text/plain;charset=utf-8",
        // Clipboard managers that know this do not write the text down.
        SECRET: b"x-kde-passwordManagerHint",
        INGLENOOK_PASTE,
        INGLENOOK_END,
    }
}

/// The thread that answers the server.
pub(super) struct Transfer {
    seat: Arc<Seat>,
    on_paste: OnPaste,
    /// Text that comes in pieces, so far.
    pieces: Option<Vec<u8>>,
}

impl Transfer {
    pub(super) fn new(seat: Arc<Seat>, on_paste: OnPaste) -> Self {
        Self { seat, on_paste, pieces: None }
    }

    /// Ends with the connection, or when it is called off.
    pub(super) fn run(mut self) {
        let end = self.seat.atoms.INGLENOOK_END;
        while let Ok(event) = self.seat.connection.wait_for_event() {
            if matches!(&event, Event::ClientMessage(message) if message.type_ == end) {
                return;
            }
            // What another program got wrong is that program's to ask again.
            let _ = self.answer(event);
        }
    }

    fn answer(&mut self, event: Event) -> Fallible<()> {
        let paste = self.seat.atoms.INGLENOOK_PASTE;
        match event {
            Event::SelectionRequest(request) => self.give(&request),
            Event::SelectionClear(_) => {
                *self.seat.offered() = None;
                Ok(())
            }
            Event::SelectionNotify(notice) if notice.property == paste => self.receive(),
            Event::PropertyNotify(notice)
                if notice.atom == paste && notice.state == Property::NEW_VALUE =>
            {
                self.receive_piece()
            }
            _ => Ok(()),
        }
    }

    fn give(&self, request: &SelectionRequestEvent) -> Fallible<()> {
        // Old programs leave the property out: ICCCM says to use the target.
        let property = match request.property {
            x11rb::NONE => request.target,
            property => property,
        };
        let given = self.put_property(request, property)?;
        let notice = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if given { property } else { x11rb::NONE },
        };
        let connection = &self.seat.connection;
        connection.send_event(false, request.requestor, EventMask::NO_EVENT, notice)?;
        Ok(connection.flush()?)
    }

    /// Whether there was something to give.
    fn put_property(&self, request: &SelectionRequestEvent, property: Atom) -> Fallible<bool> {
        let (connection, atoms) = (&self.seat.connection, &self.seat.atoms);
        let requestor = request.requestor;
        if request.target == atoms.TARGETS {
            let string = u32::from(AtomEnum::STRING);
            let targets = [atoms.TARGETS, atoms.UTF8_STRING, atoms.PLAIN, string, atoms.SECRET];
            let kind = AtomEnum::ATOM;
            connection.change_property32(PropMode::REPLACE, requestor, property, kind, &targets)?;
            return Ok(true);
        }
        let bytes = if request.target == atoms.SECRET {
            b"secret".to_vec()
        } else {
            let limit = connection.maximum_request_bytes() - 64;
            match self.text_as(request.target).filter(|bytes| bytes.len() <= limit) {
                Some(bytes) => bytes,
                None => return Ok(false),
            }
        };
        let kind = request.target;
        connection.change_property8(PropMode::REPLACE, requestor, property, kind, &bytes)?;
        Ok(true)
    }

    /// The offered text in the encoding of a target, if it can be written in it.
    fn text_as(&self, target: Atom) -> Option<Vec<u8>> {
        let atoms = &self.seat.atoms;
        let offered = self.seat.offered();
        let text = offered.as_ref()?;
        if [atoms.UTF8_STRING, atoms.PLAIN].contains(&target) {
            Some(text.as_bytes().to_vec())
        } else if target == u32::from(AtomEnum::STRING) {
            // ICCCM: a STRING is Latin-1.
            text.chars().map(|c| u8::try_from(c).ok()).collect()
        } else {
            None
        }
    }

    fn receive(&mut self) -> Fallible<()> {
        let (kind, bytes) = self.take_property()?;
        if kind == self.seat.atoms.INCR {
            self.pieces = Some(Vec::new());
        } else {
            self.pieces = None;
            self.paste(bytes);
        }
        Ok(())
    }

    /// A piece of nothing is the end.
    fn receive_piece(&mut self) -> Fallible<()> {
        if self.pieces.is_none() {
            return Ok(());
        }
        let (_, piece) = self.take_property()?;
        let Some(mut pieces) = self.pieces.take() else { return Ok(()) };
        if piece.is_empty() {
            self.paste(pieces);
        } else if pieces.len() + piece.len() <= PASTE_LIMIT {
            pieces.extend_from_slice(&piece);
            self.pieces = Some(pieces);
        }
        Ok(())
    }

    /// The kind and the bytes of what was put on our window; taking them asks for the next piece.
    fn take_property(&self) -> Fallible<(Atom, Vec<u8>)> {
        let seat = &self.seat;
        let words = u32::try_from(PASTE_LIMIT / 4)?;
        let property = seat.atoms.INGLENOOK_PASTE;
        let any = AtomEnum::ANY;
        let reply =
            seat.connection.get_property(true, seat.window, property, any, 0, words)?.reply()?;
        seat.connection.flush()?;
        Ok((reply.type_, reply.value))
    }

    fn paste(&self, bytes: Vec<u8>) {
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        (self.on_paste)(text);
    }
}
