# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Reduces Python files to what `tree.ts` describes, with the standard library alone.

Reads a JSON list of {"file", "text"} from standard input; writes a JSON list of trees to standard output.
"""

import ast
import json
import sys
import warnings


def other(*parts):
    return {"k": "other", "of": [part for part in parts if part is not None]}


def some(*parts):
    return {"k": "some", "of": [part for part in parts if part is not None]}


class Scope:
    def __init__(self, within=None, is_class=False):
        self.within = within
        self.is_class = is_class
        self.body = []
        self.names = set()
        self.elsewhere = set()


class Reader:
    """One file."""

    def __init__(self, file):
        self.file = file
        self.definitions = []
        self.scope = Scope()

    def tree(self, module):
        self.steps(module.body)
        return {
            "file": self.file,
            "body": self.scope.body,
            "names": sorted(self.scope.names),
            "definitions": self.definitions,
        }

    # Statements

    def steps(self, statements):
        for statement in statements:
            self.step(statement)

    def step(self, node):
        method = getattr(self, "step_" + type(node).__name__, None)
        if method:
            method(node)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.step(child)
            elif isinstance(child, ast.expr):
                self.do(self.expression(child))
            elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
                if isinstance(child, ast.ExceptHandler) and child.name:
                    self.scope.names.add(child.name)
                self.step(child)

    def do(self, value):
        self.scope.body.append({"k": "do", "value": value})

    def set(self, target, value):
        if isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self.set(element, value)
            return
        if isinstance(target, ast.Starred):
            self.set(target.value, value)
            return
        if isinstance(target, ast.Name):
            self.scope.names.add(target.id)
        self.scope.body.append({"k": "set", "to": self.expression(target), "value": value})

    def step_Expr(self, node):
        if isinstance(node.value, (ast.Yield, ast.YieldFrom)):
            self.expression(node.value)
        else:
            self.do(self.expression(node.value))

    def step_Assign(self, node):
        value = self.expression(node.value)
        for target in node.targets:
            pairs = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            if pairs and len(target.elts) == len(node.value.elts):
                for one, part in zip(target.elts, node.value.elts, strict=True):
                    self.set(one, self.expression(part))
            else:
                self.set(target, value)

    def step_AugAssign(self, node):
        self.set(node.target, self.expression(node.value))

    def step_AnnAssign(self, node):
        if node.value is not None:
            self.set(node.target, self.expression(node.value))
        elif isinstance(node.target, ast.Name):
            self.scope.names.add(node.target.id)

    def step_Return(self, node):
        if node.value is not None:
            self.scope.body.append({"k": "give", "value": self.expression(node.value)})

    def step_For(self, node):
        self.set(node.target, self.expression(node.iter))
        self.steps(node.body)
        self.steps(node.orelse)

    step_AsyncFor = step_For

    def step_With(self, node):
        for item in node.items:
            value = self.expression(item.context_expr)
            if item.optional_vars is not None:
                self.set(item.optional_vars, value)
            else:
                self.do(value)
        self.steps(node.body)

    step_AsyncWith = step_With

    def step_Import(self, node):
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            module = alias.name if alias.asname else name
            self.scope.names.add(name)
            self.scope.body.append({"k": "import", "name": name, "module": module})
            if not alias.asname and "." in alias.name:
                self.scope.body.append({"k": "import", "name": "", "module": alias.name})

    def step_ImportFrom(self, node):
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            name = alias.asname or alias.name
            self.scope.names.add(name)
            self.scope.body.append({"k": "import", "name": name, "module": module, "member": alias.name})

    def step_Global(self, node):
        self.scope.elsewhere.update(node.names)

    step_Nonlocal = step_Global

    def step_FunctionDef(self, node):
        self.scope.names.add(node.name)
        value = self.define(node, node.name)
        self.scope.body.append({"k": "set", "to": {"k": "name", "name": node.name}, "value": value})

    step_AsyncFunctionDef = step_FunctionDef
    step_ClassDef = step_FunctionDef

    # Definitions

    def define(self, node, name):
        is_class = isinstance(node, ast.ClassDef)
        identity = f"{name or 'lambda'}@{node.lineno}:{node.col_offset + 1}"
        decorators = [self.expression(each) for each in getattr(node, "decorator_list", [])]
        parameters = [] if is_class else self.parameters(node.args)
        bases = [self.expression(base) for base in node.bases] if is_class else []
        returns = None if is_class or isinstance(node, ast.Lambda) else self.annotation(node.returns)
        outer, self.scope = self.scope, Scope(identity, is_class)
        self.scope.names.update(parameter["name"] for parameter in parameters)
        if isinstance(node, ast.Lambda):
            self.scope.body.append({"k": "give", "value": self.expression(node.body)})
        else:
            self.steps(node.body)
        inner, self.scope = self.scope, outer
        definition = {
            "id": identity,
            "kind": "class" if is_class else "function",
            "name": name,
            "parameters": self.fields(node) if is_class else parameters,
            "body": inner.body,
            "names": sorted(inner.names - inner.elsewhere),
            "bases": bases,
            "decorators": decorators,
            "how": how(node) if outer.is_class and not isinstance(node, (ast.Lambda, ast.ClassDef)) else "plain",
            "at": [node.lineno, node.col_offset + 1],
        }
        if outer.within is not None:
            definition["within"] = outer.within
        if returns is not None:
            definition["returns"] = returns
        self.definitions.append(definition)
        return {"k": "def", "id": identity}

    def parameters(self, arguments):
        plain = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
        found = [self.parameter(one, value) for one, value in zip(plain, defaults, strict=True)]
        if arguments.vararg:
            found.append({**self.parameter(arguments.vararg, None), "rest": True})
        found.extend(
            self.parameter(one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        )
        if arguments.kwarg:
            found.append({**self.parameter(arguments.kwarg, None), "rest": True})
        return found

    def parameter(self, argument, value):
        found = {"name": argument.arg}
        if value is not None:
            found["value"] = self.expression(value)
        annotation = self.annotation(argument.annotation)
        if annotation is not None:
            found["type"] = annotation
        return found

    def fields(self, node):
        """Annotated members of a class, which are the parameters of a dataclass in their order."""
        found = []
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                field = {"name": statement.target.id}
                if statement.value is not None:
                    field["value"] = self.expression(statement.value)
                annotation = self.annotation(statement.annotation)
                if annotation is not None:
                    field["type"] = annotation
                found.append(field)
        return found

    def annotation(self, node):
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                return None
        if isinstance(node, ast.BinOp):
            parts = [self.annotation(node.left), self.annotation(node.right)]
            return some(*parts)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self.expression(node)
        return None

    # Expressions

    def expression(self, node):
        method = getattr(self, "of_" + type(node).__name__, None)
        if method:
            return method(node)
        return other(*(self.expression(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)))

    def of_Name(self, node):
        return {"k": "name", "name": node.id}

    def of_Attribute(self, node):
        return {"k": "attr", "of": self.expression(node.value), "name": node.attr}

    def of_Subscript(self, node):
        return {
            "k": "item",
            "of": self.expression(node.value),
            "key": self.expression(node.slice),
            "at": [node.lineno, node.col_offset + 1],
        }

    def of_Call(self, node):
        rest = [self.expression(each.value) for each in node.args if isinstance(each, ast.Starred)]
        rest += [self.expression(each.value) for each in node.keywords if each.arg is None]
        return {
            "k": "call",
            "of": self.expression(node.func),
            "args": [self.expression(each) for each in node.args if not isinstance(each, ast.Starred)],
            "named": {each.arg: self.expression(each.value) for each in node.keywords if each.arg is not None},
            "rest": rest,
            "at": [node.lineno, node.col_offset + 1],
        }

    def of_Constant(self, node):
        return {"k": "text", "value": node.value} if isinstance(node.value, str) else other()

    def of_JoinedStr(self, node):
        return other(*(self.expression(part.value) for part in node.values if isinstance(part, ast.FormattedValue)))

    def of_Lambda(self, node):
        return self.define(node, "")

    def of_IfExp(self, node):
        self.do(self.expression(node.test))
        return some(self.expression(node.body), self.expression(node.orelse))

    def of_BoolOp(self, node):
        return some(*(self.expression(value) for value in node.values))

    def of_Await(self, node):
        return self.expression(node.value)

    def of_Starred(self, node):
        return self.expression(node.value)

    def of_NamedExpr(self, node):
        value = self.expression(node.value)
        self.set(node.target, value)
        return value

    def of_Yield(self, node):
        if node.value is not None:
            self.scope.body.append({"k": "give", "value": self.expression(node.value)})
        return other()

    of_YieldFrom = of_Yield

    def of_List(self, node):
        return some(*(self.expression(each) for each in node.elts))

    of_Tuple = of_List
    of_Set = of_List

    def of_Dict(self, node):
        fields, rest = [], []
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                fields.append([key.value, self.expression(value)])
                continue
            if key is None:
                rest.append(self.expression(value))
            else:
                self.do(self.expression(key))
                fields.append(["*", self.expression(value)])
        return {"k": "object", "id": f"object@{node.lineno}:{node.col_offset + 1}", "fields": fields, "rest": rest}

    def of_ListComp(self, node):
        self.generators(node.generators)
        return some(self.expression(node.elt))

    of_SetComp = of_ListComp
    of_GeneratorExp = of_ListComp

    def of_DictComp(self, node):
        self.generators(node.generators)
        self.do(self.expression(node.key))
        identity = f"object@{node.lineno}:{node.col_offset + 1}"
        return {"k": "object", "id": identity, "fields": [["*", self.expression(node.value)]], "rest": []}

    def generators(self, generators):
        for generator in generators:
            self.set(generator.target, self.expression(generator.iter))
            for condition in generator.ifs:
                self.do(self.expression(condition))


def how(node):
    names = {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in node.decorator_list}
    if "staticmethod" in names:
        return "static"
    if "classmethod" in names:
        return "class"
    return "property" if names & {"property", "cached_property"} else "method"


def read(file, text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text)
        return Reader(file).tree(module)
    except (SyntaxError, ValueError, RecursionError) as error:
        place = [max(1, getattr(error, "lineno", None) or 1), max(1, getattr(error, "offset", None) or 1)]
        message = str(getattr(error, "msg", None) or error)
        empty = {"file": file, "body": [], "names": [], "definitions": []}
        return {**empty, "unparsed": {"message": message, "at": place}}


if __name__ == "__main__":
    sys.setrecursionlimit(5000)
    json.dump([read(each["file"], each["text"]) for each in json.load(sys.stdin)], sys.stdout)
