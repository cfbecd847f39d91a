"""Finds the places of a C file where one thing can be changed, in the syntax tree that clang makes of it."""

import bisect
import collections
import pathlib
import re
import shlex

from clang.cindex import CursorKind as Kind
from clang.cindex import Index, TranslationUnit, TypeKind

# The bytes from start to end of the file become `new`; `kind` says what that is, `within` the function, "" for none.
Mutant = collections.namedtuple("Mutant", "path line kind start end old new within")

BOUNDS = {b"<": b"<=", b"<=": b"<", b">": b">=", b">=": b">"}
LITERALS = (Kind.INTEGER_LITERAL, Kind.CHARACTER_LITERAL)
INTEGERS = (TypeKind.INT, TypeKind.UINT, TypeKind.LONG, TypeKind.ULONG, TypeKind.LONGLONG, TypeKind.ULONGLONG, TypeKind.SHORT,
    TypeKind.USHORT, TypeKind.CHAR_S, TypeKind.SCHAR, TypeKind.UCHAR)  # fmt: skip


def mutants_of(root, path, command):
    """The mutants of root/path, in their order, which `command` compiles."""
    source = _File(root, path, command)
    for cursor in source.unit.cursor.get_children():
        if cursor.location.file and cursor.location.file.name == source.name and not cursor.kind.is_preprocessing():
            source.function = cursor.spelling if cursor.kind == Kind.FUNCTION_DECL else ""
            source.visit(cursor, None, None)
    return sorted(source.found.values(), key=lambda mutant: (mutant.start, mutant.end, mutant.new))


class _File:
    def __init__(self, root, path, command):
        self.path = path
        self.name = str(pathlib.Path(root, path))
        self.text = pathlib.Path(self.name).read_bytes()
        self.unit = _parse(self.name, command)
        self.function = ""
        self.found = {}  # one mutant for each start, end and new text
        # The macro calls, the outermost alone: what they hold is not in this file.
        self.macros, self.macro_ends = [], {}
        for cursor in self.unit.cursor.get_children():
            if cursor.kind == Kind.MACRO_INSTANTIATION and cursor.location.file.name == self.name:
                start, end = _range(cursor)
                if not self.macros or start >= self.macro_ends[self.macros[-1]]:
                    self.macros.append(start)
                    self.macro_ends[start] = end

    def add(self, kind, start, end, new):
        old = self.text[start:end]
        if old.count(b"(") != old.count(b")") or old == new:
            return
        line = self.text.count(b"\n", 0, start) + 1
        mutant = Mutant(self.path, line, kind, start, end, old.decode(), new.decode(), self.function)
        self.found.setdefault((start, end, new), mutant)

    def of(self, cursor):
        start, end = _range(cursor)
        return self.text[start:end]

    def is_in_macro(self, start, end):
        at = bisect.bisect_right(self.macros, start) - 1
        return at >= 0 and end <= self.macro_ends[self.macros[at]]

    def is_macro_call(self, start, end):
        return self.macro_ends.get(start) == end and self.text[start:end].endswith(b")")

    def visit(self, cursor, parent, function):
        """Adds the mutants of cursor and of what is in it; function is the one around it."""
        if cursor.kind == Kind.FUNCTION_DECL:
            function = cursor
        if cursor.kind == Kind.STATIC_ASSERT:
            return
        children = list(cursor.get_children())
        handler = _HANDLERS.get(cursor.kind)
        if handler:
            handler(self, cursor, children, parent, function)
        for child in children:
            self.visit(child, cursor, function)

    # Conditions

    def negate(self, condition):
        start, end = _range(condition)
        if _is_truth(self.text[start:end]):
            return
        self.add("condition negated", start, end, b"!(" + self.text[start:end] + b")")

    def begins_with(self, cursor, word):
        start, _ = _range(cursor)
        return self.text.startswith(word, start)

    def visit_if(self, cursor, children, parent, function):
        if self.begins_with(cursor, b"if"):
            self.negate(children[0])
        for child in children[1:]:
            self.leave_out(child)

    def visit_while(self, cursor, children, parent, function):
        if self.begins_with(cursor, b"while"):
            self.negate(children[0])
        self.leave_out(children[-1])

    def visit_do(self, cursor, children, parent, function):
        if self.begins_with(cursor, b"do"):
            self.negate(children[-1])

    def visit_for(self, cursor, children, parent, function):
        self.leave_out(children[-1])
        if not self.begins_with(cursor, b"for"):
            return
        # Parts may be missing: the condition is what follows one semicolon.
        begin, _ = _range(cursor)
        for child in children[:-1]:
            start, end = _range(child)
            if self.text.count(b";", begin, start) == 1 and not self.is_in_macro(start, end):
                self.negate(child)

    def visit_choice(self, cursor, children, parent, function):
        start, end = _range(cursor)
        if not self.is_in_macro(start, end):
            self.negate(children[0])

    # Operators

    def operator(self, children):
        """(text, start, end) of the operator between two operands, or None if a macro has it."""
        start, end = _range(children[0])[1], _range(children[1])[0]
        between = self.text[start:end]
        word = re.sub(rb"/\*.*?\*/", lambda comment: b" " * len(comment.group()), between, flags=re.S)
        begin = start + len(word) - len(word.lstrip())
        if start >= end or self.is_in_macro(begin, begin + 1):
            return None
        return word.strip(), begin, begin + len(word.strip())

    def visit_binary(self, cursor, children, parent, function):
        found = self.operator(children)
        if not found:
            return
        operator, start, end = found
        if operator in BOUNDS:
            self.add("bound moved", start, end, BOUNDS[operator])
        elif operator in (b"&&", b"||"):
            for child in children:
                inner = _bare(child)
                nested = self.operator(list(inner.get_children())) if inner.kind == Kind.BINARY_OPERATOR else None
                if not nested or nested[0] != operator:
                    self.negate(child)

    # Statements

    def visit_compound(self, cursor, children, parent, function):
        for child in children:
            self.leave_out(child)

    def visit_label(self, cursor, children, parent, function):
        self.leave_out(children[-1])

    def leave_out(self, statement):
        start, end = _range(statement)
        bare = _bare(statement)
        kind = None
        if self.is_macro_call(start, end):
            kind = "call left out" if self.text[end:].lstrip().startswith(b";") else None
        elif self.is_in_macro(start, end) or self.text.startswith(b"__", start):
            return
        elif bare.kind == Kind.CSTYLE_CAST_EXPR and _bare(list(bare.get_children())[-1]).kind == Kind.CALL_EXPR:
            kind = "call left out"
        elif bare.kind == Kind.CALL_EXPR:
            kind = "call left out"
        elif bare.kind in (Kind.COMPOUND_ASSIGNMENT_OPERATOR, Kind.UNARY_OPERATOR):
            kind = "assignment left out"
        elif bare.kind == Kind.BINARY_OPERATOR and (self.operator(list(bare.get_children())) or [b""])[0] == b"=":
            kind = "assignment left out"
        if kind:
            self.add(kind, start, end, b"(void)0")

    # Values

    def is_size_of_array(self, cursor, parent):
        """Also the width of a bit field."""
        start, _ = _range(cursor)
        declares = parent is not None and parent.kind in (Kind.VAR_DECL, Kind.FIELD_DECL)
        return declares and self.text[:start].rstrip().endswith((b"[", b":"))

    def visit_literal(self, cursor, children, parent, function):
        start, end = _range(cursor)
        text = self.text[start:end]
        if self.is_size_of_array(cursor, parent):
            return
        if _is_truth(text):
            self.add("constant changed", start, end, b"false" if text == b"true" else b"true")
        elif text != b"NULL" and re.fullmatch(rb"\w+|'[^']+'", text):  # a macro of a constant, too
            self.add("constant changed", start, end, b"(" + text + b" + 1)")

    def visit_reference(self, cursor, children, parent, function):
        named = cursor.referenced
        is_constant = named is not None and named.kind == Kind.ENUM_CONSTANT_DECL
        if not is_constant or self.of(cursor) != named.spelling.encode() or self.is_size_of_array(cursor, parent):
            return
        if parent is None or parent.kind != Kind.CASE_STMT:
            start, end = _range(cursor)
            self.add("constant changed", start, end, _another(named))

    def visit_return(self, cursor, children, parent, function):
        if not children or not self.begins_with(cursor, b"return"):
            return
        start, end = _range(children[0])
        text, bare = self.text[start:end], _bare(children[0])
        new = _swapped(text, bare, function.result_type.get_canonical())
        if new:
            self.add("return value swapped", start, end, new)


_HANDLERS = {
    Kind.IF_STMT: _File.visit_if,
    Kind.WHILE_STMT: _File.visit_while,
    Kind.DO_STMT: _File.visit_do,
    Kind.FOR_STMT: _File.visit_for,
    Kind.CONDITIONAL_OPERATOR: _File.visit_choice,
    Kind.BINARY_OPERATOR: _File.visit_binary,
    Kind.COMPOUND_STMT: _File.visit_compound,
    Kind.CASE_STMT: _File.visit_label,
    Kind.DEFAULT_STMT: _File.visit_label,
    Kind.LABEL_STMT: _File.visit_label,
    Kind.INTEGER_LITERAL: _File.visit_literal,
    Kind.CHARACTER_LITERAL: _File.visit_literal,
    Kind.DECL_REF_EXPR: _File.visit_reference,
    Kind.RETURN_STMT: _File.visit_return,
}


def _swapped(text, bare, kind):
    """What returns another value of this type than `text`, or None."""
    names = bare.kind == Kind.DECL_REF_EXPR and bare.referenced is not None
    if kind.kind == TypeKind.BOOL:
        return {b"true": b"false", b"false": b"true"}.get(text, b"!(" + text + b")")
    if kind.kind == TypeKind.POINTER:
        return None if text == b"NULL" else b"((void *)0)"
    if kind.kind == TypeKind.ENUM:
        if names and bare.referenced.kind == Kind.ENUM_CONSTANT_DECL:
            return _another(bare.referenced)
        values = _constants(kind.get_declaration())
        return b"(%s) == %s ? %s : %s" % (text, values[0], values[1], values[0]) if len(values) > 1 else None
    if kind.kind in INTEGERS and bare.kind not in LITERALS:
        return b"(" + text + b") + 1"
    return None


def _constants(enumeration):
    return [child.spelling.encode() for child in enumeration.get_children() if child.kind == Kind.ENUM_CONSTANT_DECL]


def _another(constant):
    """The one after it in its enumeration, or the first."""
    values = _constants(constant.semantic_parent)
    name = constant.spelling.encode()
    if len(values) < 2:
        return b"(" + name + b" + 1)"
    return values[(values.index(name) + 1) % len(values)]


def _is_truth(text):
    return text in (b"true", b"false")


def _bare(cursor):
    """Without the conversions and parentheses around it."""
    while cursor.kind in (Kind.UNEXPOSED_EXPR, Kind.PAREN_EXPR):
        children = list(cursor.get_children())
        if len(children) != 1:
            break
        cursor = children[0]
    return cursor


def _range(cursor):
    return cursor.extent.start.offset, cursor.extent.end.offset


def _parse(name, command):
    words = shlex.split(command)
    arguments = []
    for at, word in enumerate(words):
        if word.startswith(("-I", "-D", "-std")):
            arguments.append(word)
        elif word in ("-isystem", "-include"):
            arguments += words[at : at + 2]
    options = TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
    unit = Index.create().parse(name, arguments, options=options)
    errors = [str(diagnostic) for diagnostic in unit.diagnostics if diagnostic.severity >= 3]
    if errors:
        raise RuntimeError(f"clang does not understand {name}: {errors[0]}")
    return unit
