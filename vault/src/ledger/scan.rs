//! Every record of a store, worked on by all cores while the next are read.
use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use crate::{Result, overwrite_stack, store::Row};

/// Sealed bytes handed over at a time.
const BATCH: usize = 512 * 1024;
/// Batches that may wait: bounds the memory that reading ahead takes.
const WAITING: usize = 8;

/// A row of the record table, copied out of SQLite.
pub(crate) struct Sealed {
    pub(crate) row: i64,
    pub(crate) id: [u8; 16],
    pub(crate) sealed: Vec<u8>,
}

/// Shows rows to what it is given; says whether all could be reached.
type Feed<'a> = &'a dyn Fn(&mut dyn FnMut(&Row<'_>)) -> Result<bool>;

/// Shows every record that `feed` gives to `work`, and what that gives to `add`, in the same order.
/// Says whether all could be reached. What fits one batch is worked on right here.
pub(super) fn on_all_cores<T: Send>(
    feed: Feed<'_>,
    work: &(dyn Fn(Vec<Sealed>) -> T + Sync),
    add: &mut dyn FnMut(T),
) -> Result<bool> {
    let (to_workers, batches) = mpsc::sync_channel::<(usize, Vec<Sealed>)>(WAITING);
    let (done, results) = mpsc::channel();
    // Held by the workers alone: were they all to panic, nobody would wait for them.
    let mut batches = Some(Arc::new(Mutex::new(batches)));
    thread::scope(|scope| {
        let mut reader = Batches { batch: Vec::new(), bytes: 0, sent: 0 };
        let whole = feed(&mut |row| {
            let full = reader.push(row.row, row.id.try_into().unwrap_or_default(), row.sealed);
            let Some(batch) = full else { return };
            if let Some(batches) = batches.take() {
                for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
                    let (batches, done) = (batches.clone(), done.clone());
                    scope.spawn(move || {
                        work_off(&batches, work, &done);
                        // The stack may be another thread's next, or nobody's: it held keys and text.
                        overwrite_stack();
                    });
                }
            }
            // Fails only where every worker has panicked, which the scope passes on.
            let _ = to_workers.send(batch);
        });
        drop((to_workers, done));
        let (mut waiting, mut next) = (BTreeMap::new(), 0);
        for (number, result) in results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                add(result);
                next += 1;
            }
        }
        add(work(reader.batch));
        whole
    })
}

/// Rows on their way to a batch.
struct Batches {
    batch: Vec<Sealed>,
    bytes: usize,
    sent: usize,
}

impl Batches {
    /// Takes a row; gives the batch that is full with it, and its number.
    fn push(&mut self, row: i64, id: [u8; 16], sealed: &[u8]) -> Option<(usize, Vec<Sealed>)> {
        self.bytes += sealed.len();
        self.batch.push(Sealed { row, id, sealed: sealed.to_vec() });
        if self.bytes < BATCH {
            return None;
        }
        self.bytes = 0;
        self.sent += 1;
        Some((self.sent - 1, std::mem::take(&mut self.batch)))
    }
}

/// Works until there are no more batches, in a frame of its own.
#[inline(never)]
fn work_off<T>(
    batches: &Mutex<mpsc::Receiver<(usize, Vec<Sealed>)>>,
    work: &(dyn Fn(Vec<Sealed>) -> T + Sync),
    done: &mpsc::Sender<(usize, T)>,
) {
    let next = || batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok((number, batch)) = next() {
        if done.send((number, work(batch))).is_err() {
            return;
        }
    }
}
