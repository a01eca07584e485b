//! Guesses an entry's language by its commonest words, and takes word endings off accordingly.
use rust_stemmers::{Algorithm, Stemmer};

/// A language, the words that give it away, and how its endings come off.
struct Language {
    algorithm: Algorithm,
    words: &'static str,
}

/// English is first: it wins a draw and an entry that tells nothing.
const LANGUAGES: [Language; 14] = [
    Language {
        algorithm: Algorithm::English,
        words: "the and of to was that my with not it is for he she had they i at this have we you",
    },
    Language {
        algorithm: Algorithm::German,
        words: "der die das und ich nicht ist war mit ein eine zu auf sich auch dem den es wir hat",
    },
    Language {
        algorithm: Algorithm::French,
        words: "le la les et je est pas que un une des dans pour avec il elle nous sur mais mon ma",
    },
    Language {
        algorithm: Algorithm::Spanish,
        words: "el la los las y que no es un una por con para mi se lo pero muy hoy está yo más",
    },
    Language {
        algorithm: Algorithm::Portuguese,
        words: "o os e que não é um uma com para eu meu minha mas muito hoje foi do da em no na",
    },
    Language {
        algorithm: Algorithm::Italian,
        words: "il la gli e che non è un una con per mi sono ho ma oggi di della nel molto anche",
    },
    Language {
        algorithm: Algorithm::Dutch,
        words: "de het een en ik niet is was met van op te zijn ook we maar mijn voor dat heb naar",
    },
    Language {
        algorithm: Algorithm::Swedish,
        words: "och jag att det är en ett som inte på med för vi har den var till av så om men",
    },
    Language {
        algorithm: Algorithm::Danish,
        words: "og jeg at det er en et som ikke på med for vi har den var til af så om men",
    },
    Language {
        algorithm: Algorithm::Norwegian,
        words: "og jeg å det er en et som ikke på med for vi har den var til av så om men",
    },
    Language {
        algorithm: Algorithm::Finnish,
        words: "ja on ei että se oli en minä hän mutta niin kun myös ovat tämä olen ole nyt sitten",
    },
    Language {
        algorithm: Algorithm::Turkish,
        words: "ve bir bu da de için çok ben ama ne gibi daha bugün ile sonra değil var mi o",
    },
    Language {
        algorithm: Algorithm::Russian,
        words: "и в не на я что с он она это как мы но а по из у за меня сегодня был было мне так",
    },
    Language {
        algorithm: Algorithm::Greek,
        words: "και το να η ο τα στο με για που δεν είναι μου την της του θα σε από στην ήταν",
    },
];

/// How many languages are known; each has a number below it.
pub(crate) const COUNT: usize = LANGUAGES.len();

/// The languages of which a folded word is among the commonest, a bit each.
pub(crate) fn languages_of(folded: &str, lookup: &CommonWords) -> u32 {
    lookup.0.binary_search_by(|(word, _)| word.as_str().cmp(folded)).map_or(0, |at| lookup.0[at].1)
}

/// The commonest words of all languages, folded and sorted.
pub(crate) struct CommonWords(Vec<(String, u32)>);

impl CommonWords {
    pub(crate) fn new() -> Self {
        let mut words: Vec<(String, u32)> = Vec::new();
        let mut folded = String::new();
        for (number, language) in LANGUAGES.iter().enumerate() {
            for word in language.words.split(' ') {
                super::tokenize::fold(word, &mut folded);
                words.push((folded.clone(), 1 << number));
            }
        }
        words.sort();
        words.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 |= next.1;
            }
            same
        });
        Self(words)
    }
}

/// Counts a word among the commonest of these languages, a bit each.
pub(crate) fn count(languages: u32, counts: &mut [u32; COUNT]) {
    if languages != 0 {
        for (number, count) in counts.iter_mut().enumerate() {
            *count += languages >> number & 1;
        }
    }
}

/// The likeliest language, given how many of each one's commonest words were met.
pub(crate) fn likeliest(counts: &[u32; COUNT]) -> usize {
    (0..COUNT).max_by_key(|&number| (counts[number], COUNT - number)).unwrap_or(0)
}

/// The stem of a word in lower case.
pub(crate) fn stem(language: usize, word: &str) -> String {
    let stemmed = Stemmer::create(LANGUAGES[language].algorithm).stem(word);
    let mut folded = String::new();
    super::tokenize::fold(&stemmed, &mut folded);
    folded
}
