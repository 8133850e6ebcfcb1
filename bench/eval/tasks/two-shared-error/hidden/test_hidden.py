import pytest
from settings.errors import SettingsError
from settings.reading import read
from settings.writing import write


def test_messages_stay():
    assert issubclass(SettingsError, Exception)
    with pytest.raises(SettingsError, match="no = in 'x'"):
        read("a=1\nx")
    with pytest.raises(SettingsError, match="a name cannot hold ="):
        write({"=": "1"})
