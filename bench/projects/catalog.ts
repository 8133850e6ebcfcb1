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
];
