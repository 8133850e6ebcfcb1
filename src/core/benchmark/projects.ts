/** Three tiny repositories that a model has to make green: what the loop is for, and the only score that ranks. */

export interface TinyProject {
	readonly name: string;
	readonly task: string;
	readonly files: Readonly<Record<string, string>>;
}

const TASK = "Make the failing tests pass.";

export const TINY_PROJECTS: readonly TinyProject[] = [
	{
		name: "off-by-one",
		task: TASK,
		files: {
			"last.py": 'def last_n(items, n):\n    """The last n items."""\n    return items[len(items) - n + 1 :]\n',
			"test_last.py":
				"from last import last_n\n\n\ndef test_last_two():\n    assert last_n([1, 2, 3], 2) == [2, 3]\n\n\ndef test_all():\n    assert last_n([1, 2], 2) == [1, 2]\n",
		},
	},
	{
		name: "missing-function",
		task: TASK,
		files: {
			"words.py": 'def first_word(text):\n    """The first word of a text."""\n    return text.split()[0]\n',
			"test_words.py":
				'from words import count_words, first_word\n\n\ndef test_first_word():\n    assert first_word("a b") == "a"\n\n\ndef test_count_words():\n    assert count_words("one two three") == 3\n    assert count_words("") == 0\n',
		},
	},
	{
		name: "wrong-branch",
		task: TASK,
		files: {
			"price.py":
				'def discounted(price, is_member):\n    """Members pay a tenth less."""\n    if is_member:\n        return price\n    return price * 0.9\n',
			"test_price.py":
				"from price import discounted\n\n\ndef test_member():\n    assert discounted(100, True) == 90\n\n\ndef test_guest():\n    assert discounted(100, False) == 100\n",
		},
	},
];
