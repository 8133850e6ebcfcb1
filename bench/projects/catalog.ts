/** Projects of others, as their authors published them: pinned source distributions with what their tests need. */

export interface CatalogEntry {
	/** As PyPI writes it. */
	readonly name: string;
	readonly version: string;
	/** Of the source distribution, as PyPI lists it. */
	readonly sha256: string;
	/** What the project and its tests import, besides pytest. */
	readonly requirements: readonly string[];
	/** What makes it unlike the others. */
	readonly shape: string;
}

export const CATALOG: readonly CatalogEntry[] = [
	{
		name: "iniconfig",
		version: "2.3.1",
		sha256: "67f4b9c50da0dedf52af349e7749a80a9057a5031199791b906c3bb3ae878960",
		requirements: [],
		shape: "src layout, a part of pytest",
	},
	{
		name: "pluggy",
		version: "1.7.0",
		sha256: "d1eaa46ebb595891b860ab086b4d09c8588af65ebd4361b8e8f4bb8920b90ba8",
		requirements: ["pytest-benchmark==5.3.1"],
		shape: "src layout, the plugin system of pytest",
	},
	{
		name: "itsdangerous",
		version: "2.2.0",
		sha256: "e0050c0b7da1eea53ffaf149c0cfbb5c6e2e2b69c4bef22c81fa6eb73e5f6173",
		requirements: ["freezegun==1.5.5"],
		shape: "src layout, tests in a package, frozen time",
	},
	{
		name: "toolz",
		version: "1.2.0",
		sha256: "9667a038e9d6ecba37995e26cb2f59ec6420b6ad8dd9677de59db9b956b08490",
		requirements: [],
		shape: "flat layout, tests inside the package, a module built at import",
	},
	{
		name: "tabulate",
		version: "0.10.0",
		sha256: "e2cfde8f79420f6deeffdeda9aaec3b6bc5abce947655d17ac662b126e48a60d",
		requirements: ["wcwidth==0.9.4"],
		shape: "one module, tests that start processes",
	},
	{
		name: "sqlparse",
		version: "0.6.1",
		sha256: "ca722573f848ff2d30e40ea30f53a104b7dea7635ea9285891263eb2c58fb6e7",
		requirements: [],
		shape: "flat layout, a conftest.py, tests that read data files",
	},
	{
		name: "packaging",
		version: "26.4",
		sha256: "c4b671c41ddb9bf26e543c37723610d28fb6bf7affc4da17cf048d419d2c062a",
		requirements: ["pretend==1.0.9", "hypothesis==6.170.17", "tomli_w==1.2.0"],
		shape: "src layout, tens of thousands of generated test ids",
	},
	{
		name: "attrs",
		version: "26.1.0",
		sha256: "d03ceb89cb322a8fd706d4fb91940737b6642aa36998fe130a9bc96c985eff32",
		requirements: ["hypothesis==6.170.17", "cloudpickle==3.1.3"],
		shape: "src layout, two packages over one, property tests",
	},
	{
		name: "more-itertools",
		version: "11.2.1",
		sha256: "cbf08fd0af284dc69718b9b76a8e6203df624d70209ea511e4219d350c856f63",
		requirements: [],
		shape: "flat layout, unittest classes, two large modules",
	},
	{
		name: "click",
		version: "8.5.1",
		sha256: "9bbfada76703fd1d784b83eea012e3e8c6a001a876543ef104fa56aaaeb072b4",
		requirements: [],
		shape: "src layout, a conftest.py, tests that start processes and use the terminal",
	},
	{
		name: "networkx",
		version: "3.6.1",
		sha256: "26b7c357accc0c8cde558ad486283728b65b6a95d85ee1cd66bafab4c8168509",
		requirements: [],
		shape: "flat layout, some 280 test files inside the package, lazy imports, a plugin of its own",
	},
];
