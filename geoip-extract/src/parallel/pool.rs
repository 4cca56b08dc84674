//! Which thread reads what.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};

use super::block::Block;
use super::cut::{Cut, Cutter};
use super::order::{Order, Outcome};
use super::{Input, Search};

/// What the threads share.
pub(super) struct Pool<'s, R, T, B, O, C> {
    search: &'s Search,
    open: O,
    inputs: Mutex<Inputs<R>>,
    order: Mutex<Order<T, B, C>>,
    /// Told whenever an outcome was taken.
    advanced: Condvar,
    /// Set when a thread panics, so that none waits for it.
    abandoned: AtomicBool,
}

/// The inputs that are open, in order.
struct Inputs<R> {
    open: VecDeque<Arc<Shared<R>>>,
    /// The input to be opened next; none after the last.
    next: Option<usize>,
}

/// An input that threads take turns to read.
struct Shared<R> {
    input: usize,
    /// Whether other threads do better than to wait for the one that reads it.
    slow: AtomicBool,
    stage: Mutex<Stage<R>>,
}

enum Stage<R> {
    Unopened,
    /// With the number of blocks cut so far.
    Open(Cutter<R>, u64),
    Done,
}

/// Where a block belongs: its input, and its number in there.
type Place = (usize, u64);

impl<'s, R, T, B, O, C> Pool<'s, R, T, B, O, C>
where
    R: Read,
    O: Fn(usize) -> Option<io::Result<Input<R>>>,
    C: FnMut(usize, io::Result<T>) -> ControlFlow<B>,
{
    pub(super) fn new(search: &'s Search, open: O, collect: C) -> Self {
        Self {
            search,
            open,
            inputs: Mutex::new(Inputs { open: VecDeque::new(), next: Some(0) }),
            order: Mutex::new(Order::new(collect)),
            advanced: Condvar::new(),
            abandoned: AtomicBool::new(false),
        }
    }

    /// What one thread does: reads blocks, searches them and hands on what comes of it,
    /// until nothing is left.
    pub(super) fn work(&self, mut search: impl FnMut(&Block<'_>) -> T) {
        let _abandon = AbandonOnPanic(self);
        let mut cut = Cut::default();
        while let Some(place) = self.next_block(&mut cut) {
            let made = search(&cut.block(&self.search.extractor, place.0));
            self.hand_on(place, Outcome::Made(made));
        }
    }

    pub(super) fn into_flow(self) -> ControlFlow<B> {
        self.order.into_inner().unwrap_or_else(PoisonError::into_inner).into_flow()
    }

    /// Cuts the next block from the first input that can be had.
    fn next_block(&self, cut: &mut Cut) -> Option<Place> {
        loop {
            let (turn, full) = {
                let order = lock(&self.order);
                if order.is_over() || self.abandoned.load(Ordering::Relaxed) {
                    return None;
                }
                (order.input(), order.is_full())
            };
            let mut open = self.open_inputs();
            if full {
                // Nothing but the input whose turn it is brings this on.
                open.retain(|shared| shared.input == turn);
            }
            for shared in &open {
                let stage = if shared.slow.load(Ordering::Relaxed) {
                    try_lock(&shared.stage)
                } else {
                    Some(lock(&shared.stage))
                };
                if let Some(stage) = stage
                    && let Some(place) = self.cut(shared, stage, cut)
                {
                    return Some(place);
                }
            }
            if self.open_another(full.then_some(turn)) {
                continue;
            }
            // All that is left is read by others.
            if let Some(shared) = open.first() {
                if let Some(place) = self.cut(shared, lock(&shared.stage), cut) {
                    return Some(place);
                }
            } else if full {
                self.wait_for_turn(turn);
            } else if self.is_exhausted() {
                return None;
            }
        }
    }

    fn open_inputs(&self) -> Vec<Arc<Shared<R>>> {
        lock(&self.inputs).open.iter().cloned().collect()
    }

    /// Adds an input to those that are open, if there may be one more; only the one whose
    /// turn it is, if that is all that is wanted.
    fn open_another(&self, only: Option<usize>) -> bool {
        let inputs = &mut *lock(&self.inputs);
        let wanted = |next: &usize| only.is_none_or(|only| only == *next);
        let Some(input) = inputs.next.filter(wanted) else { return false };
        if inputs.open.len() >= self.search.threads.get() {
            return false;
        }
        inputs.next = Some(input + 1);
        // To open it may take long, as a named pipe does, so that is not done here.
        let (slow, stage) = (AtomicBool::new(true), Mutex::new(Stage::Unopened));
        inputs.open.push_back(Arc::new(Shared { input, slow, stage }));
        true
    }

    fn is_exhausted(&self) -> bool {
        let inputs = lock(&self.inputs);
        inputs.next.is_none() && inputs.open.is_empty()
    }

    /// Cuts a block from an input, unless that has come to its end.
    fn cut(
        &self,
        shared: &Shared<R>,
        mut stage: MutexGuard<'_, Stage<R>>,
        cut: &mut Cut,
    ) -> Option<Place> {
        let extractor = &self.search.extractor;
        if let Stage::Unopened = *stage {
            *stage = self.opened(shared);
        }
        let Stage::Open(cutter, blocks) = &mut *stage else { return None };
        let place = (shared.input, *blocks);
        *blocks += 1;
        let outcome = match cutter.next(extractor, cut) {
            Ok(true) => return Some(place),
            Ok(false) => Outcome::Ended,
            Err(error) => Outcome::Failed(error),
        };
        *stage = Stage::Done;
        self.close(shared);
        drop(stage);
        self.hand_on(place, outcome);
        None
    }

    fn opened(&self, shared: &Shared<R>) -> Stage<R> {
        match (self.open)(shared.input) {
            Some(Ok(Input { reader, slow })) => {
                shared.slow.store(slow, Ordering::Relaxed);
                let lines = self.search.counts_lines;
                return Stage::Open(Cutter::new(reader, shared.input, lines), 0);
            }
            Some(Err(error)) => {
                self.hand_on((shared.input, 0), Outcome::Failed(error));
            }
            None => lock(&self.inputs).next = None,
        }
        self.close(shared);
        Stage::Done
    }

    fn close(&self, shared: &Shared<R>) {
        lock(&self.inputs).open.retain(|open| open.input != shared.input);
    }

    fn hand_on(&self, place: Place, outcome: Outcome<T>) {
        lock(&self.order).take(place, outcome);
        self.advanced.notify_all();
    }

    /// Waits until less waits for the input whose turn it is.
    fn wait_for_turn(&self, turn: usize) {
        let mut order = lock(&self.order);
        while order.is_full()
            && order.input() == turn
            && !order.is_over()
            && !self.abandoned.load(Ordering::Relaxed)
        {
            order = self.advanced.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Lets the other threads go when this one panics.
struct AbandonOnPanic<'p, 's, R, T, B, O, C>(&'p Pool<'s, R, T, B, O, C>);

impl<R, T, B, O, C> Drop for AbandonOnPanic<'_, '_, R, T, B, O, C> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _order = lock(&self.0.order);
            self.0.abandoned.store(true, Ordering::Relaxed);
            self.0.advanced.notify_all();
        }
    }
}

/// A lock that a panic elsewhere does not spoil: that panic is passed on when the threads
/// are joined.
fn lock<V>(mutex: &Mutex<V>) -> MutexGuard<'_, V> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn try_lock<V>(mutex: &Mutex<V>) -> Option<MutexGuard<'_, V>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
