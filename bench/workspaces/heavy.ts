/** F: four tests that import numpy, pandas, pydantic, requests and sqlalchemy; its environment has common plugins installed. */
import { allPass, type GeneratedWorkspace } from "./workspace.ts";

const REPORTS = `"""Sales reports, by way of heavy packages."""

import numpy as np
import pandas as pd
import requests
import sqlalchemy as sa
from pydantic import BaseModel


class Sale(BaseModel):
    region: str
    amount: int


def frame(sales):
    return pd.DataFrame([sale.model_dump() for sale in sales])


def totals(sales):
    return frame(sales).groupby("region")["amount"].sum().to_dict()


def spread(sales):
    return int(np.ptp([sale.amount for sale in sales]))


def stored(sales):
    engine = sa.create_engine("sqlite://")
    table = sa.Table("sales", sa.MetaData(), sa.Column("region", sa.String), sa.Column("amount", sa.Integer))
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), [sale.model_dump() for sale in sales])
        return connection.execute(sa.select(sa.func.sum(table.c.amount))).scalar_one()


def address(region):
    return requests.Request("GET", "http://localhost/sales", params={"region": region}).prepare().url
`;

const TESTS = `import pytest

from reports.sales import Sale, address, spread, stored, totals


@pytest.fixture
def sales():
    return [Sale(region="north", amount=30), Sale(region="south", amount=12), Sale(region="north", amount=5)]


def test_totals(sales):
    assert totals(sales) == {"north": 35, "south": 12}


def test_spread(sales):
    assert spread(sales) == 25


def test_stored(sales):
    assert stored(sales) == 47


def test_address():
    assert address("north").endswith("/sales?region=north")
`;

export const HEAVY_MODULE = "reports/sales.py";

export function generateHeavy(): GeneratedWorkspace {
	return {
		id: "F",
		what: "4 tests that import numpy, pandas, pydantic, requests, sqlalchemy; six pytest plugins installed",
		files: new Map([
			["pyproject.toml", '[tool.pytest.ini_options]\npythonpath = ["."]\n\n[tool.ruff]\nline-length = 120\n'],
			["reports/__init__.py", ""],
			[HEAVY_MODULE, REPORTS],
			["tests/test_sales.py", TESTS],
		]),
		counts: allPass(4),
	};
}
