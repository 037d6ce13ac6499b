// The comments in which the importer says what it guessed.

export const GUESS = /[ \t]+# guess: (.*)$/;

/** A text in which a line's guess is confirmed: without its comment. */
export const confirmed = (text, line) => text.split("\n").map((one, at) => (at === line - 1 ? one.replace(GUESS, "") : one)).join("\n");

/** The guesses that a text still has. */
export const guesses = (text) => text.split("\n").flatMap((one, at) => (GUESS.test(one) ? [{ line: at + 1, words: GUESS.exec(one)[1] }] : []));
