//! Going deeper: an answer from the panel to the engine; what becomes of the answers.
use super::App;
use crate::{
    command::Deepen,
    reflection::Wish,
    state::{Deeper, Scope},
    text::text,
    worker::{
        engine::Task,
        vault::{Purpose, VaultJob},
    },
};

impl App {
    /// Does what a person wants with an answer.
    pub(super) fn deepen(&mut self, what: Deepen) {
        if what == Deepen::Answer {
            return self.take_answer();
        }
        let Some(journal) = self.journal() else { return };
        match what {
            Deepen::Keep => journal.keep_answers(),
            Deepen::Insert => journal.insert_answers(),
            Deepen::Drop => journal.deeper = Deeper::default(),
            Deepen::DropKept => journal.drop_kept_answers(),
            Deepen::Answer => {}
        }
    }

    /// Before another entry is shown, or none: an answer that nobody threw away is not lost.
    pub(super) fn settle_answers(&mut self) {
        if let Some(journal) = self.journal() {
            journal.settle_answers();
        }
    }

    /// Takes what is typed as an answer, and asks for the question that follows from it.
    fn take_answer(&mut self) {
        self.stop_reflection();
        self.flush();
        let style = self.state.settings.style;
        let Some(journal) = self.journal() else { return };
        if let Some(problem) = journal.refusal(Scope::Entry) {
            journal.reflection.problem = Some(problem);
            return;
        }
        let Some((entry, answer)) = journal.take_answer() else { return };
        let wish = Wish { count: 1, style, asked_before: journal.reflection.asked.clone() };
        let ids = journal.ids();
        let ticket = journal.reflection.begin(Task::Follow { entry, answer, wish });
        let purpose = Purpose::Questions(jiff::Zoned::now().date());
        if self.vault.try_send(VaultJob::Gather { ticket, ids, purpose }).is_err() {
            self.reflection_failed(ticket, text("reflection-busy"));
        }
    }
}
