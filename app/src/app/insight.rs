//! People, themes, open loops and prompts: asked of the vault's thread, shown on a shelf and on an empty page.
use jiff::Zoned;

use super::{App, vault_problem};
use crate::{
    command::Insight,
    event::Insights as Told,
    insight::Change,
    state::{
        Focus, Screen,
        insight::{Form, Insights, Opened, Part, ROWS, Spot},
        keeping::Shelf,
    },
    text::text,
    trace,
    worker::vault::{InsightJob, VaultJob},
};

impl App {
    /// The settings may say something else now.
    pub(super) fn turn_insight(&mut self) {
        let wanted = self.state.settings.insight;
        if self.journal().is_some_and(|journal| journal.insight.wanted != wanted) {
            self.begin_insight();
        }
    }

    /// The journal was opened, or the person changed their mind.
    pub(super) fn begin_insight(&mut self) {
        let wanted = self.state.settings.insight;
        self.insight_job(if wanted { InsightJob::Begin } else { InsightJob::End });
        if let Some(journal) = self.journal() {
            journal.insight = Insights { wanted, ..Insights::default() };
            if !wanted && matches!(journal.keeping.shelf, Some(Shelf::Insight)) {
                journal.keeping.shelf = None;
            }
        }
    }

    pub(super) fn carry_out_insight(&mut self, wish: Insight) {
        match wish {
            Insight::Show => self.show_insight(),
            Insight::Turn(part) => self.change_insight(|insight| {
                (insight.part, insight.opened, insight.rows) = (part, None, ROWS);
            }),
            Insight::More => self.change_insight(|insight| insight.rows += ROWS),
            Insight::Open(spot) => self.open_spot(spot),
            Insight::Ask(form) => self.change_insight(|insight| {
                if let Some(opened) = &mut insight.opened {
                    (opened.form, opened.typed) = (form, String::new());
                }
            }),
            Insight::Change => self.change_name(),
            Insight::Kind(kind) => self.correct(Change::Kind(kind)),
            Insight::Dismiss(at) => self.dismiss(at),
            Insight::Another => self.another_prompt(),
            Insight::Take => self.take_prompt(),
            Insight::Enough => self.change_insight(|insight| insight.prompts.clear()),
        }
    }

    pub(super) fn take_insight(&mut self, told: Told) {
        let today = Zoned::now().date();
        if matches!(told, Told::Ready) {
            self.insight_job(InsightJob::Prompts(today));
        }
        let Some(journal) = self.journal() else { return };
        let insight = &mut journal.insight;
        match told {
            Told::Ready => insight.ready = true,
            Told::Seen { overview, loops } => {
                trace::moment("insight-shown");
                (insight.overview, insight.loops) = (Some(*overview), loops);
            }
            Told::Quoted(quotes) => {
                if let Some(opened) = &mut insight.opened {
                    opened.quotes = Some(quotes);
                }
            }
            Told::Prompts(prompts) => (insight.prompts, insight.noted) = (prompts, false),
            Told::Failed(vault::Error::NoSuchEntry) => {
                insight.problem = Some(text("insight-nobody"));
            }
            Told::Failed(error) => insight.problem = Some(vault_problem(&error)),
        }
    }

    /// A prompt that is in sight is remembered, so that it does not come back for weeks.
    pub(super) fn note_prompt(&mut self) {
        let today = Zoned::now().date();
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        let is_empty = journal.draft.is_blank() && journal.keeping.shelf.is_none();
        let insight = &mut journal.insight;
        let prompt = insight.prompt(journal.draft.content.date, today);
        let Some(key) = prompt.filter(|_| is_empty && !insight.noted).map(|it| it.key.clone())
        else {
            return;
        };
        insight.noted = true;
        self.insight_job(InsightJob::Note(key, today));
    }

    fn show_insight(&mut self) {
        if !self.state.settings.insight {
            return;
        }
        self.flush();
        let Some(journal) = self.journal() else { return };
        journal.keeping.shelf = Some(Shelf::Insight);
        let Insights { opened, rows, problem, .. } = &mut journal.insight;
        (*opened, *rows, *problem) = (None, ROWS, None);
        self.insight_job(InsightJob::Look(Zoned::now().date()));
    }

    fn open_spot(&mut self, spot: Spot) {
        let Some(journal) = self.journal() else { return };
        let insight = &mut journal.insight;
        let is_open = insight.opened.as_ref().is_some_and(|opened| opened.at == spot);
        insight.problem = None;
        if is_open {
            insight.opened = None;
            return;
        }
        let (quotes, form, typed) = (None, None, String::new());
        insight.opened = Some(Opened { at: spot, quotes, form, typed });
        let job = match spot {
            Spot::Name(_) => {
                let key = insight.named().and_then(|named| named.ways.first().cloned());
                key.map(InsightJob::Quote)
            }
            Spot::Theme(month, at) => insight.theme(month, at).map(|theme| {
                let entries = theme.entries.iter().map(|(id, _)| *id).collect();
                InsightJob::QuoteWord(theme.word.clone(), entries)
            }),
        };
        job.into_iter().for_each(|job| self.insight_job(job));
    }

    /// What is asked about is done, if it is told how.
    fn change_name(&mut self) {
        let Some(opened) = self.journal().and_then(|journal| journal.insight.opened.as_ref())
        else {
            return;
        };
        let typed = opened.typed.trim().to_owned();
        let change = match opened.form {
            Some(Form::Forget) => Change::Kind(crate::insight::Kind::Neither),
            Some(Form::Rename) if !typed.is_empty() => Change::Name(typed),
            Some(Form::SameAs) if !typed.is_empty() => Change::SameAs(typed),
            _ => return,
        };
        self.correct(change);
    }

    fn correct(&mut self, change: Change) {
        let Some(journal) = self.journal() else { return };
        let insight = &mut journal.insight;
        insight.problem = None;
        let key = insight.named().and_then(|named| named.ways.first().cloned());
        insight.opened = None;
        if let Some(key) = key {
            self.insight_job(InsightJob::Correct(key, change, Zoned::now().date()));
        }
    }

    fn dismiss(&mut self, at: usize) {
        let Some(journal) = self.journal() else { return };
        if at < journal.insight.loops.len() {
            let open = journal.insight.loops.remove(at);
            journal.insight.prompts.retain(|prompt| prompt.key != open.key);
            self.insight_job(InsightJob::Dismiss(open.key, Zoned::now().date()));
        }
    }

    fn another_prompt(&mut self) {
        self.change_insight(|insight| {
            if !insight.prompts.is_empty() {
                insight.prompts.remove(0);
                insight.noted = false;
            }
        });
    }

    fn take_prompt(&mut self) {
        let Some(journal) = self.journal() else { return };
        if let Some(prompt) = journal.insight.prompts.first() {
            journal.draft.append_quote(&prompt.text);
            journal.focus = Some(Focus::TextEnd);
        }
    }

    fn change_insight(&mut self, change: impl FnOnce(&mut Insights)) {
        if let Some(journal) = self.journal() {
            change(&mut journal.insight);
        }
    }

    /// Queues a job; it waits here while the vault's queue is full.
    fn insight_job(&mut self, job: InsightJob) {
        self.insight_jobs.push_back(job);
        self.send_insight_jobs();
    }

    pub(super) fn send_insight_jobs(&mut self) {
        while let Some(job) = self.insight_jobs.pop_front() {
            if let Err(VaultJob::Insight(job)) = self.vault.try_send(VaultJob::Insight(job)) {
                self.insight_jobs.push_front(job);
                break;
            }
        }
    }
}

impl Part {
    /// All, as they are shown.
    pub const ALL: [Self; 5] = [Self::People, Self::Places, Self::Themes, Self::Mood, Self::Loops];
}
