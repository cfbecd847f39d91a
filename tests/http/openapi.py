#!/usr/bin/python3
"""Compares docs/openapi.yaml with what the server answered.

    openapi.py CHECKOUT ANSWERS

ANSWERS is a folder with three files for each answer: X.request has method, target, status, and type and body of what was
sent, with tabs between them; X.headers and X.body are as curl leaves them, the latter only if there was one. Says everything that does not fit, and ends with 1 if there is anything:

- the document itself: references, schemas, examples, the version;
- a route that is not in the document, or an operation that is no route;
- an answer that is not in the document: its status, its type, a header, its body, a parameter;
- an operation, status and type of the document that nobody answered with.
"""

import copy
import json
import re
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError

METHODS = ("get", "post", "put", "patch", "delete", "options", "trace")

# Headers that mean something here: one that is answered has to be in the document.
TELLING = ("accept", "accept-encoding", "allow", "etag", "link", "location", "retry-after")

problems = []


def complain(text):
    if text not in problems:
        problems.append(text)


class Document:
    def __init__(self, path):
        self.root = yaml.safe_load(path.read_text())
        # As strict as can be: a member that no schema names does not fit.
        self.components = closed(copy.deepcopy(self.root["components"]["schemas"]))

    def resolve(self, node):
        while "$ref" in node and len(node) == 1:
            target = self.root
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def operations(self):
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    yield path, method, item[method]

    def operation(self, method, target):
        """The one for a target; literal paths count before those with a parameter."""
        for path, candidate, operation in sorted(self.operations(), key=lambda o: "{" in o[0]):
            template = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
            if candidate == method and re.fullmatch(template, target):
                return path, operation
        return None, None

    def faults(self, schema, value):
        whole = {"components": {"schemas": self.components}, "allOf": [closed(copy.deepcopy(schema))]}
        validator = Draft202012Validator(whole, format_checker=FormatChecker())
        for error in validator.iter_errors(value):
            yield f"{error.json_path}: {error.message[:300]}"


def closed(node):
    if isinstance(node, dict):
        for child in node.values():
            closed(child)
        if node.get("type") == "object" and "properties" in node:
            node.setdefault("additionalProperties", False)
    elif isinstance(node, list):
        for child in node:
            closed(child)
    return node


def check_document(document, checkout):
    if not str(document.root["openapi"]).startswith("3.1."):
        complain("the document is not of OpenAPI 3.1")
    version = re.search(r"project\(rollcall VERSION (\S+)", (checkout / "CMakeLists.txt").read_text())[1]
    if document.root["info"]["version"] != version:
        complain(f"the document is of {document.root['info']['version']}, the program of {version}")
    names = [operation["operationId"] for _, _, operation in document.operations()]
    if len(set(names)) < len(names):
        complain("an operationId is repeated")
    check_nodes(document, document.root, "#")
    check_used(document)


def check_nodes(document, node, where):
    """Every reference leads somewhere, every schema is one, every example fits."""
    if isinstance(node, list):
        for i, child in enumerate(node):
            check_nodes(document, child, f"{where}/{i}")
    if not isinstance(node, dict):
        return
    for key, child in node.items():
        if not isinstance(key, str):
            complain(f"{where}: the key {key!r} is no string")
        check_nodes(document, child, f"{where}/{key}")
    if "$ref" in node:
        try:
            document.resolve({"$ref": node["$ref"]})
        except KeyError:
            complain(f"{where}: nothing at {node['$ref']}")
            return
    if "schema" in node:
        try:
            Draft202012Validator.check_schema(node["schema"])
        except SchemaError as error:
            complain(f"{where}: {error.message}")
        if "example" in node:
            for fault in document.faults(node["schema"], node["example"]):
                complain(f"{where}/example: {fault}")


def check_used(document):
    text = json.dumps(document.root)
    for kind, components in document.root["components"].items():
        for name in components:
            if f'"#/components/{kind}/{name}"' not in text:
                complain(f"#/components/{kind}/{name} is not used")


def check_routes(document, checkout):
    """Each route of the program is a line like: const struct route x = {.path = "/x/" ROUTE_NUMBER, .get = get}; the pages
    of organisers are for people, and not described."""
    served = set()
    for source in sorted((checkout / "app" / "routes").rglob("*.c")):
        for body in re.findall(r"const struct route \w+ = \{(.*?)\};", source.read_text(), re.DOTALL):
            path = re.search(r"\.path = ([^,]*)", body)[1].replace("ROUTE_NUMBER", '"{number}"')
            path = "".join(re.findall(r'"([^"]*)"', path))
            served |= {(path, method) for method in re.findall(r"\.(get|post|put|patch|delete) =", body)}
    served = {(path, method) for path, method in served if not path.startswith("/admin")}
    described = {(path, method) for path, method, _ in document.operations()}
    for path, method in sorted(served ^ described):
        what = "is not in the document" if (path, method) in served else "is no route"
        complain(f"{method.upper()} {path} {what}")


def read_answers(folder):
    for request in sorted(folder.glob("*.request")):
        method, target, code, media_type, sent = request.read_text().split("\t")
        body = request.with_suffix(".body")
        yield {
            "method": method,
            "target": target,
            "code": int(code),
            "type": media_type,
            "sent": sent,
            "headers": header_values(request.with_suffix(".headers").read_text()),
            "body": body.read_text() if body.exists() else "",
        }


def header_values(block):
    """Of the last answer in there, by name."""
    values = {}
    for line in block.replace("\r", "").strip().split("\n\n")[-1].split("\n")[1:]:
        name, _, value = line.partition(":")
        values.setdefault(name.lower(), []).append(value.strip())
    return values


def as_typed(document, schema, text):
    is_number = document.resolve(schema).get("type") == "integer" and re.fullmatch(r"-?[0-9]+", text)
    return int(text) if is_number else text


def check_parameters(document, operation, answer, where):
    if answer["code"] >= 400:
        return
    known = {p["name"]: p for p in operation.get("parameters", []) if p["in"] == "query"}
    for name, value in parse_qsl(urlsplit(answer["target"]).query, keep_blank_values=True):
        if name not in known:
            complain(f"{where}: taken, though the parameter {name} is not in the document")
        else:
            schema = known[name]["schema"]
            for fault in document.faults(schema, as_typed(document, schema, value)):
                complain(f"{where}: taken, though {name} does not fit: {fault}")


def check_sent(document, operation, answer, where):
    """What is taken is what the document lets one send."""
    if not answer["sent"] or answer["code"] >= 400:
        return
    media = operation["requestBody"]["content"].get(answer["type"])
    if media is None:
        complain(f"{where}: {answer['type']} was taken and is not in the document")
        return
    is_json = answer["type"] == "application/json"
    value = json.loads(answer["sent"]) if is_json else dict(parse_qsl(answer["sent"]))
    for fault in document.faults(media["schema"], value):
        complain(f"{where}: taken, though it does not fit: {fault}")


def check_headers(document, response, headers, where):
    described = {name.lower(): document.resolve(header) for name, header in response.get("headers", {}).items()}
    for name, header in described.items():
        if name not in headers:
            if header.get("required"):
                complain(f"{where}: no {name}")
            continue
        value = as_typed(document, header["schema"], ", ".join(headers[name]))
        for fault in document.faults(header["schema"], value):
            complain(f"{where}: {name}: {fault}")
    for name in sorted(set(headers) & set(TELLING) - set(described)):
        complain(f"{where}: {name} is not in the document")


def check_body(document, response, answer, where):
    """Returns the media type that was answered, None for no body."""
    content = response.get("content", {})
    if not answer["body"]:
        if content:
            complain(f"{where}: no body")
        return None
    media_type = answer["headers"].get("content-type", [""])[0].split(";")[0].strip()
    if media_type not in content:
        complain(f"{where}: {media_type or 'a body'} is not in the document")
        return media_type
    value = answer["body"]
    if media_type.endswith("json"):
        value = json.loads(value)
    for fault in document.faults(content[media_type]["schema"], value):
        complain(f"{where}: {fault}")
    return media_type


def check_answer(document, answer):
    """Returns which line of the document it was."""
    method, target = answer["method"].lower(), urlsplit(answer["target"]).path
    where = f"{answer['method']} {answer['target'][:60]} -> {answer['code']}"
    path, operation = document.operation(method, target)
    if operation is None:
        complain(f"{where}: there is no such operation in the document")
        return None
    check_parameters(document, operation, answer, where)
    check_sent(document, operation, answer, where)
    response = operation["responses"].get(str(answer["code"]))
    if response is None:
        complain(f"{where}: there is no such status in the document")
        return None
    response = document.resolve(response)
    check_headers(document, response, answer["headers"], where)
    return path, method, answer["code"], check_body(document, response, answer, where)


def check_coverage(document, seen):
    for path, method, operation in document.operations():
        for code, response in operation["responses"].items():
            for media_type in document.resolve(response).get("content", {None: None}):
                if (path, method, int(code), media_type) not in seen:
                    complain(f"nobody got {method.upper()} {path} -> {code} {media_type or ''}")


def main(checkout, answers):
    document = Document(checkout / "docs" / "openapi.yaml")
    check_document(document, checkout)
    check_routes(document, checkout)
    seen = {check_answer(document, answer) for answer in read_answers(answers)}
    check_coverage(document, seen)
    for problem in problems:
        print(problem)
    print(f"{len(seen)} kinds of answers, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
