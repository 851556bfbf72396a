# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Finds dangerous code in Python files by their syntax trees, with the standard library alone.

Reads a JSON list of {"file", "text"} from standard input; writes a JSON list of {"file", "code", "line", "column",
"message"} to standard output. Columns count from 1.
"""

import ast
import json
import re
import sys
import warnings

EVALUATORS = {"eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec"}
DESERIALIZERS = re.compile(
    r"^(c?pickle|_pickle|marshal|dill|jsonpickle|cloudpickle)\.(loads?|decode|Unpickler)$|^shelve\.open$"
    r"|^(pandas|pd)\.read_pickle$|^joblib\.load$"
)
YAML_LOADERS = re.compile(r"^(yaml|ruamel\.yaml)\.(load|load_all|unsafe_load|unsafe_load_all|full_load|full_load_all)$")
SAFE_LOADER = re.compile(r"^(yaml\.)?C?(Safe|Base)Loader$")
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput"}
PROCESSES = re.compile(r"^(subprocess\.)?(run|call|check_call|check_output|Popen)$|^asyncio\.create_subprocess_shell$")
UNVERIFIED = re.compile(r"^ssl\.(_create_unverified_context|_create_stdlib_context)$")
TLS_KEYWORDS = {"verify", "verify_ssl", "ssl_verify", "connection_verify", "validate_certs", "verify_certs", "use_ssl"}
LOG_METHODS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "append_keys"}
LOGGER = re.compile(r"(^|\.|_)(log|logger|logging|LOG|LOGGER|print)$", re.IGNORECASE)
PAYLOAD = re.compile(
    r"^(lambda_)?(event|events|payload|payloads|body|raw|raw_event|record|records|message|messages|response|data|item"
    r"|items|batch|alert|alerts|finding|findings|event_data|event_body|request)$"
)
SECRET = re.compile(
    r"(^|_)(secret|secrets|password|passwd|pwd|token|access_key|api_key|apikey|client_secret|connection_string"
    r"|connection_str|conn_str|credential|credentials|private_key|shared_access_key|sas)(_value|_string|_text|s)?$",
    re.IGNORECASE,
)
# What is said about a value rather than the value.
HARMLESS_CALLS = {"len", "type", "bool", "id", "hash", "sum", "count", "isinstance", "min", "max", "any", "all"}
HARMLESS_ATTRIBUTES = re.compile(
    r"(^|_)(id|ids|name|names|count|counts|length|size|type|kind|status|status_code|arn|version|key_count|partition"
    r"|offset|sequence_number|expires|expiry|timestamp|time|code|reason)$",
    re.IGNORECASE,
)


class Finder(ast.NodeVisitor):
    def __init__(self, file, aliases):
        self.file = file
        self.aliases = aliases
        self.found = []

    def report(self, node, code, message):
        self.found.append(
            {
                "file": self.file,
                "code": code,
                "line": node.lineno,
                "column": node.col_offset + 1,
                "message": message,
            }
        )

    def name(self, node):
        """The dotted name of an expression, imports undone; empty for anything else."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ".".join(reversed([*parts, ""])).strip(".") if parts else ""
        parts.append(self.aliases.get(node.id, node.id))
        return ".".join(reversed(parts))

    def visit_Call(self, node):
        name = self.name(node.func)
        keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        constant = {key: value.value for key, value in keywords.items() if isinstance(value, ast.Constant)}
        if name in EVALUATORS and not self.literal(node):
            self.report(node, "CODE-EVAL", f"{name} runs a text as code")
        elif DESERIALIZERS.match(name):
            self.report(node, "CODE-DESERIALIZE", f"{name} runs code that its data names")
        elif YAML_LOADERS.match(name) and not self.has_safe_loader(node, keywords):
            self.report(node, "CODE-YAML-LOAD", f"{name} without a safe loader makes objects that the text names")
        elif name in SHELLS or name == "asyncio.create_subprocess_shell":
            self.report(node, "CODE-SHELL", f"{name} hands a text to a shell")
        elif constant.get("shell") is True:
            self.report(node, "CODE-SHELL", f"{name or 'the call'} with shell=True hands a text to a shell")
        elif UNVERIFIED.match(name):
            self.report(node, "CODE-TLS-OFF", f"{name} verifies no certificate")
        elif name.endswith("urllib3.disable_warnings") or name == "disable_warnings":
            self.report(node, "CODE-TLS-OFF", "disable_warnings hides that certificates are not verified")
        for key in TLS_KEYWORDS & constant.keys():
            if constant[key] is False:
                self.report(node, "CODE-TLS-OFF", f"{name or 'the call'} with {key}=False verifies no certificate")
        for key in ("cert_reqs", "ssl_cert_reqs"):
            if key in keywords and (self.name(keywords[key]).endswith("CERT_NONE") or constant.get(key) == "CERT_NONE"):
                self.report(node, "CODE-TLS-OFF", f"{key}=CERT_NONE verifies no certificate")
        if name.endswith("inject_lambda_context") and constant.get("log_event") is True:
            self.report(node, "CODE-LOG-PAYLOAD", "log_event=True logs the whole event")
        if self.is_log(node.func, name):
            self.check_log(node)
        self.generic_visit(node)

    @staticmethod
    def literal(node):
        return len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and not node.keywords

    def has_safe_loader(self, node, keywords):
        if "unsafe" in self.name(node.func) or "full" in self.name(node.func):
            return False
        loader = keywords.get("Loader") or (node.args[1] if len(node.args) > 1 else None)
        return loader is not None and bool(SAFE_LOADER.match(self.name(loader)))

    def visit_Assign(self, node):
        for target in node.targets:
            name = self.name(target)
            value = node.value
            if name.endswith("check_hostname") and isinstance(value, ast.Constant) and value.value is False:
                self.report(node, "CODE-TLS-OFF", "check_hostname = False accepts the certificate of any host")
            elif name.endswith(".verify_mode") and self.name(value).endswith("CERT_NONE"):
                self.report(node, "CODE-TLS-OFF", "verify_mode = CERT_NONE verifies no certificate")
            elif name.endswith(".verify") and isinstance(value, ast.Constant) and value.value is False:
                self.report(node, "CODE-TLS-OFF", "verify = False verifies no certificate")
            elif name.endswith("_create_default_https_context") and "unverified" in self.name(value):
                self.report(node, "CODE-TLS-OFF", "certificates of all HTTPS requests are no longer verified")
        self.generic_visit(node)

    def is_log(self, function, name):
        if name == "print" or name in ("pprint.pprint", "pprint", "sys.stdout.write", "sys.stderr.write"):
            return True
        return (
            isinstance(function, ast.Attribute)
            and function.attr in LOG_METHODS
            and bool(LOGGER.search(self.name(function.value) or getattr(function.value, "id", "")))
        )

    def check_log(self, node):
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        for value in values:
            for leaf, what in self.leaves(value):
                if SECRET.search(what):
                    self.report(leaf, "CODE-LOG-SECRET", f"{what} is logged")
                elif PAYLOAD.match(what):
                    self.report(leaf, "CODE-LOG-PAYLOAD", f"{what} is logged, with all that is in it")

    def leaves(self, node):
        """Names of the values whose text would be logged."""
        if isinstance(node, ast.Name):
            yield node, node.id
        elif isinstance(node, ast.Attribute):
            if not HARMLESS_ATTRIBUTES.search(node.attr):
                yield node, node.attr
        elif isinstance(node, ast.Subscript):
            index = node.slice
            if isinstance(index, ast.Constant) and isinstance(index.value, str):
                if not HARMLESS_ATTRIBUTES.search(index.value):
                    yield node, index.value
            elif not isinstance(index, ast.Constant):
                yield from self.leaves(node.value)
        elif isinstance(node, ast.Call):
            yield from self.call_leaves(node)
        elif isinstance(node, (ast.Compare, ast.Constant, ast.Lambda)):
            return
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            yield from self.leaves(node.elt)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                yield from self.leaves(value)
        else:
            for child in ast.iter_child_nodes(node):
                yield from self.leaves(child)

    def call_leaves(self, node):
        name = self.name(node.func)
        last = name.rsplit(".", 1)[-1]
        if last in HARMLESS_CALLS:
            return
        if (
            last == "get"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            if not HARMLESS_ATTRIBUTES.search(node.args[0].value):
                yield node, node.args[0].value
            return
        if last in ("dumps", "str", "repr", "format", "decode", "pformat", "dict", "list", "copy", "json", "strip"):
            if isinstance(node.func, ast.Attribute) and last in ("decode", "format", "copy", "json", "strip"):
                yield from self.leaves(node.func.value)
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                yield from self.leaves(argument)
        elif re.match(r"^(get|read|load|fetch)_", last) and SECRET.search(last):
            yield node, last


def aliases_of(tree):
    """Local name of each import, and what it stands for."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def check(file, text):
    try:
        tree = ast.parse(text, filename=file)
    except SyntaxError as error:
        return [unparsed(file, f"{error.msg}", error.lineno or 1, error.offset or 1)]
    except (ValueError, RecursionError, MemoryError) as error:
        return [unparsed(file, str(error) or type(error).__name__, 1, 1)]
    finder = Finder(file, aliases_of(tree))
    try:
        finder.visit(tree)
    except RecursionError:
        return [unparsed(file, "it is nested too deeply", 1, 1)]
    return finder.found


def unparsed(file, why, line, column):
    return {
        "file": file,
        "code": "CODE-UNPARSED",
        "line": line,
        "column": max(column, 1),
        "message": f"no Python: {why}",
    }


def main():
    warnings.simplefilter("ignore")
    sources = json.load(sys.stdin)
    json.dump([found for source in sources for found in check(source["file"], source["text"])], sys.stdout)


if __name__ == "__main__":
    main()
