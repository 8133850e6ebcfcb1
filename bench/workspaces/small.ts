/** S: one package, four tests. */
import { allPass, type GeneratedWorkspace } from "./workspace.ts";

const PRICES = `"""Prices of a small shop."""

RATE = 20


def net(price, count):
    return price * count


def gross(price, count):
    return net(price, count) * (100 + RATE) // 100
`;

const TESTS = `from shop.prices import gross, net


def test_net():
    assert net(5, 3) == 15


def test_net_of_none():
    assert net(5, 0) == 0


def test_gross():
    assert gross(50, 2) == 120


def test_gross_of_none():
    assert gross(50, 0) == 0
`;

/** The module that edits go to, and the line whose change breaks a test. */
export const SMALL_MODULE = "shop/prices.py";
export const SMALL_BREAK = { from: "return price * count", to: "return price + count" } as const;

export function generateSmall(): GeneratedWorkspace {
	return {
		id: "S",
		what: "1 package, 4 tests",
		files: new Map([
			["pyproject.toml", '[tool.pytest.ini_options]\npythonpath = ["."]\n'],
			["shop/__init__.py", ""],
			[SMALL_MODULE, PRICES],
			["tests/test_prices.py", TESTS],
		]),
		counts: allPass(4),
	};
}
