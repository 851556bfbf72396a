# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Reads how a handler uses AWS Lambda Powertools, from its source alone: `read_handler.py FILE FUNCTION`.

Prints JSON: `{"error", "line", "column"}` where the file is no Python, else `{"handler": line or null, "imports":
[names], "decorators": [names], "calls": [names]}`, names as `<class>.<method>` of Powertools objects.
"""

import ast
import json
import sys

_PACKAGE = "aws_lambda_powertools"


def _read(path: str, function: str) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
    except SyntaxError as error:
        return {"error": error.msg, "line": error.lineno or 1, "column": error.offset or 1}
    except ValueError as error:
        return {"error": str(error), "line": 1, "column": 1}
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == _PACKAGE:
            imported.update({alias.asname or alias.name: alias.name for alias in node.names})
        if isinstance(node, ast.Import):
            whole = [alias for alias in node.names if alias.name == _PACKAGE]
            imported.update({alias.asname or alias.name: alias.name for alias in whole})
    objects = {
        target.id: _class_of(node.value, imported)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and _class_of(node.value, imported)
    }
    handler = next(
        (
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function
        ),
        None,
    )
    calls = {
        f"{objects[node.func.value.id]}.{node.func.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in objects
    }
    decorators = [_decorator(item, objects) for item in handler.decorator_list] if handler else []
    return {
        "handler": handler.lineno if handler else None,
        "imports": sorted(set(imported.values())),
        "decorators": [name for name in decorators if name],
        "calls": sorted(calls),
    }


def _class_of(call: ast.Call, imported: dict[str, str]) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return imported.get(function.id, "")
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if imported.get(function.value.id) == _PACKAGE else ""
    return ""


def _decorator(node: ast.expr, objects: dict[str, str]) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in objects:
        return f"{objects[target.value.id]}.{target.attr}"
    return ""


print(json.dumps(_read(sys.argv[1], sys.argv[2])))
