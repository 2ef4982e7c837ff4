//! Values under small integer keys: what the loop remembers about tasks, timers and sockets.
//!
//! *Input*: values. *Output*: a key for each, valid until the value is removed; keys are then used again. *Invariant*:
//! every vacant entry is on the free list exactly once, so both insertion and removal take constant time.

/// A vector with holes that are filled first.
pub(crate) struct Slab<T> {
    entries: Vec<Entry<T>>,
    first_vacant: Option<usize>,
    occupied: usize,
}

enum Entry<T> {
    Occupied(T),
    Vacant { next: Option<usize> },
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Slab {
            entries: Vec::new(),
            first_vacant: None,
            occupied: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.occupied
    }

    pub(crate) fn insert(&mut self, value: T) -> usize {
        self.occupied += 1;
        let entry = Entry::Occupied(value);
        let Some(key) = self.first_vacant else {
            self.entries.push(entry);
            return self.entries.len() - 1;
        };
        if let Entry::Vacant { next } = std::mem::replace(&mut self.entries[key], entry) {
            self.first_vacant = next;
        }
        key
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Occupied(value) => Some(value),
            Entry::Vacant { .. } => None,
        })
    }

    pub(crate) fn get(&self, key: usize) -> Option<&T> {
        match self.entries.get(key) {
            Some(Entry::Occupied(value)) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn get_mut(&mut self, key: usize) -> Option<&mut T> {
        match self.entries.get_mut(key) {
            Some(Entry::Occupied(value)) => Some(value),
            _ => None,
        }
    }

    /// The value that was under `key`; `None` if there was none.
    pub(crate) fn remove(&mut self, key: usize) -> Option<T> {
        let entry = self.entries.get_mut(key)?;
        if matches!(entry, Entry::Vacant { .. }) {
            return None;
        }
        let vacant = Entry::Vacant {
            next: self.first_vacant,
        };
        let Entry::Occupied(value) = std::mem::replace(entry, vacant) else {
            return None;
        };
        self.first_vacant = Some(key);
        self.occupied -= 1;
        Some(value)
    }

    /// Removes everything, in order of the keys.
    pub(crate) fn take_all(&mut self) -> Vec<T> {
        let entries = std::mem::take(self).entries;
        let occupied = entries.into_iter().filter_map(|entry| match entry {
            Entry::Occupied(value) => Some(value),
            Entry::Vacant { .. } => None,
        });
        occupied.collect()
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Slab;

    #[test]
    fn a_removed_key_is_used_again_before_a_new_one() {
        let mut slab = Slab::new();
        let (a, b, c) = (slab.insert('a'), slab.insert('b'), slab.insert('c'));
        assert_eq!((a, b, c), (0, 1, 2));
        assert_eq!(slab.remove(a), Some('a'));
        assert_eq!(slab.remove(c), Some('c'));
        assert_eq!(
            (slab.insert('d'), slab.insert('e'), slab.insert('f')),
            (2, 0, 3)
        );
        assert_eq!(slab.take_all(), ['e', 'b', 'd', 'f']);
        assert_eq!(slab.len(), 0);
    }

    #[test]
    fn a_key_without_a_value_removes_nothing() {
        let mut slab = Slab::new();
        let key = slab.insert(1);
        assert_eq!(slab.remove(key), Some(1));
        assert_eq!(slab.remove(key), None);
        assert_eq!(slab.remove(7), None);
        assert_eq!(slab.get(key), None);
        assert_eq!(slab.len(), 0);
    }
}
