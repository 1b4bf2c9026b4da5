//! A new directory as what differs from an older one, in git's format.

/// What makes `new` of `old`: the beginning and the end that they share are copied.
pub(super) fn difference(old: &[u8], new: &[u8]) -> Vec<u8> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let mut to = Vec::with_capacity(64);
    for mut length in [old.len(), new.len()] {
        while length > 0x7f {
            to.push(low(length, 0x7f) | 0x80);
            length >>= 7;
        }
        to.push(low(length, 0x7f));
    }
    copy(0, start, &mut to);
    for piece in new[start..new.len() - end].chunks(0x7f) {
        to.push(low(piece.len(), 0x7f));
        to.extend_from_slice(piece);
    }
    copy(old.len() - end, end, &mut to);
    to
}

/// Copies a stretch: which bytes of place and length follow stands in the first one.
fn copy(mut from: usize, mut length: usize, to: &mut Vec<u8>) {
    while length > 0 {
        let now = length.min(0xffff);
        let at = to.len();
        to.push(0x80);
        for (bit, shift) in [(1, 0), (2, 8), (4, 16), (8, 24)] {
            if (from >> shift) & 0xff != 0 {
                to[at] |= bit;
                to.push(low(from >> shift, 0xff));
            }
        }
        for (bit, shift) in [(0x10, 0), (0x20, 8)] {
            if (now >> shift) & 0xff != 0 {
                to[at] |= bit;
                to.push(low(now >> shift, 0xff));
            }
        }
        from += now;
        length -= now;
    }
}

fn low(value: usize, mask: usize) -> u8 {
    u8::try_from(value & mask).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What git makes of a difference.
    fn patched(old: &[u8], difference: &[u8]) -> Vec<u8> {
        let mut rest = difference.iter().copied();
        let mut next = || usize::from(rest.next().unwrap());
        let mut number = || {
            let (mut value, mut shift) = (0, 0);
            loop {
                let byte = next();
                value |= (byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    return value;
                }
            }
        };
        assert_eq!(number(), old.len());
        let length = number();
        let mut new = Vec::new();
        while new.len() < length {
            let what = next();
            if what & 0x80 == 0 {
                (0..what).for_each(|_| new.push(u8::try_from(next()).unwrap()));
                continue;
            }
            let mut part = |bits: &[(usize, usize)]| {
                bits.iter()
                    .filter(|(bit, _)| what & bit != 0)
                    .map(|(_, shift)| next() << shift)
                    .sum::<usize>()
            };
            let from = part(&[(1, 0), (2, 8), (4, 16), (8, 24)]);
            let count = part(&[(0x10, 0), (0x20, 8), (0x40, 16)]);
            new.extend_from_slice(&old[from..from + count]);
        }
        new
    }

    #[test]
    fn a_difference_makes_the_new_of_the_old() {
        let long: Vec<u8> = (0..200_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let mut changed = long.clone();
        changed[70_000] ^= 1;
        let mut longer = changed.clone();
        longer.splice(90_000..90_000, [9; 300]);
        for (old, new) in [
            (&b"abc"[..], &b"abc"[..]),
            (b"", b"abc"),
            (b"abc", b""),
            (b"aaaa", b"aaaaaa"),
            (b"aaaaaa", b"aaaa"),
            (&long, &changed),
            (&long, &longer),
            (&longer, &long),
        ] {
            assert!(patched(old, &difference(old, new)) == new);
        }
    }
}
