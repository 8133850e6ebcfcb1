/** Names: the nearest one to a mistyped one, and where the standard library has one that was not imported. */

/** The known name that differs least from another, if it is near enough to be a slip. */
export function closestName(name: string, known: Iterable<string>): string | null {
	let best: string | null = null;
	let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
	for (const candidate of known) {
		const distance = candidate === name ? Number.POSITIVE_INFINITY : editDistance(name, candidate);
		if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
	}
	return best;
}

function editDistance(a: string, b: string): number {
	if (Math.abs(a.length - b.length) > 3) return Number.POSITIVE_INFINITY;
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i += 1) {
		const next = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
		}
		row = next;
	}
	return row[b.length] ?? Number.POSITIVE_INFINITY;
}

/** Names that code often uses and forgets to import, by their module. */
const MEMBERS: Readonly<Record<string, string>> = {
	abc: "ABC abstractmethod",
	collections: "Counter OrderedDict defaultdict deque namedtuple",
	contextlib: "contextmanager suppress",
	dataclasses: "asdict dataclass field",
	datetime: "date datetime timedelta timezone",
	decimal: "Decimal",
	enum: "Enum IntEnum auto",
	fractions: "Fraction",
	functools: "cached_property lru_cache partial reduce total_ordering wraps",
	itertools: "accumulate chain combinations cycle groupby islice permutations product zip_longest",
	math: "ceil floor gcd isclose pi prod sqrt",
	pathlib: "Path",
	statistics: "mean median",
	typing: "Any Callable Dict Iterable List NamedTuple Optional Tuple Union",
};
export const STANDARD_MODULES =
	"abc base64 bisect collections contextlib copy csv dataclasses datetime decimal enum fractions functools hashlib heapq io itertools json logging math operator os pathlib random re shutil statistics string struct subprocess sys tempfile textwrap time typing uuid".split(
		" ",
	);

/** The import statement that brings a name from the standard library, or null. */
export function standardImport(name: string): string | null {
	const module = Object.entries(MEMBERS).find(([, members]) => members.split(" ").includes(name))?.[0];
	// `datetime.timedelta(...)` means the module and `datetime(...)` the class; the class's module is tried by its own name too.
	if (module !== undefined && !STANDARD_MODULES.includes(name)) return `from ${module} import ${name}`;
	return STANDARD_MODULES.includes(name) ? `import ${name}` : null;
}
