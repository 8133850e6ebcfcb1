/** Modules at the top of the workspace that would stand before Python's own or the probes' on the import path (threats A21). */

/** Standard library of CPython 3.9 to 3.14 (sys.stdlib_module_names), pytest and what it imports, in lower case. */
const MODULES: ReadonlySet<string> = new Set(
	`
	_pytest abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins
	bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent
	configparser contextlib contextvars copy copyreg cprofile csv ctypes curses dataclasses datetime dbm decimal
	difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
	fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html
	http imaplib imghdr imp importlib iniconfig inspect io ipaddress itertools json keyword linecache locale logging
	lzma mailbox mailcap marshal math mimetypes mmap modulefinder msvcrt multiprocessing netrc nntplib ntpath
	nturl2path numbers opcode operator optparse os pathlib pdb pickle pickletools pipes pkgutil platform plistlib
	pluggy poplib posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat pytest queue
	quopri random re readline reprlib resource rlcompleter ruff runpy sched secrets select selectors shelve shlex
	shutil signal site sitecustomize smtpd smtplib sndhdr socket socketserver sqlite3 sre_compile sre_constants
	sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny
	tarfile telnetlib tempfile termios textwrap threading time timeit tkinter token tokenize tomllib trace traceback
	tracemalloc tty turtle types typing unicodedata unittest urllib usercustomize uu uuid venv warnings wave weakref
	webbrowser wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`.match(/\w+/g),
);

/**
 * The module that a file of this path would stand before, or null.
 * @param path normalised, relative, forward slashes
 */
export function shadowedModule(path: string): string | null {
	const [top = "", ...rest] = path.normalize("NFKC").toLowerCase().split("/");
	const module = rest.length > 0 ? top : top.endsWith(".py") ? top.slice(0, -".py".length) : "";
	return MODULES.has(module) ? module : null;
}
