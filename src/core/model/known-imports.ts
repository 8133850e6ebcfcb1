/** Names that mean one thing in nearly every Python program, and the line that brings each. */

/** Modules of the standard library, and pytest, that are used by their own name. */
const MODULES = `
	abc argparse asyncio base64 bisect collections contextlib copy csv dataclasses enum functools glob hashlib heapq io itertools json
	logging math operator os pathlib pickle pytest random re shutil sqlite3 statistics string struct subprocess sys tempfile textwrap
	threading time traceback typing unittest urllib uuid warnings
`;

const NAMES: Readonly<Record<string, readonly string[]>> = {
	abc: ["ABC", "abstractmethod"],
	collections: ["ChainMap", "Counter", "OrderedDict", "defaultdict", "deque", "namedtuple"],
	contextlib: ["contextmanager", "suppress"],
	dataclasses: ["asdict", "dataclass"],
	datetime: ["timedelta", "timezone"],
	decimal: ["Decimal"],
	enum: ["Enum", "IntEnum"],
	fractions: ["Fraction"],
	functools: ["lru_cache", "partial", "total_ordering", "wraps"],
	pathlib: ["Path", "PurePath"],
	typing: [
		...["Any", "Callable", "ClassVar", "Dict", "Generic", "Iterable", "Iterator", "List", "Literal", "Mapping"],
		...["NamedTuple", "Optional", "Protocol", "Sequence", "Set", "Tuple", "Type", "TypeVar", "TypedDict", "Union"],
	],
};

const LINES: ReadonlyMap<string, string> = new Map([
	...MODULES.trim()
		.split(/\s+/)
		.map((module): [string, string] => [module, `import ${module}`]),
	...Object.entries(NAMES).flatMap(([module, names]) =>
		names.map((name): [string, string] => [name, `from ${module} import ${name}`]),
	),
]);

/** @returns null for a name that may mean anything */
export function knownImport(name: string): string | null {
	return LINES.get(name) ?? null;
}
