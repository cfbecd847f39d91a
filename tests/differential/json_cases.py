"""Texts that RFC 8259 says are JSON, that it says are not, and that it leaves to the reader: section by section."""


def nested(depth, opening=b"[", closing=b"]", within=b""):
    return opening * depth + within + closing * depth


def within(*values):
    """Each as the member of an object, and in an array."""
    return [part for value in values for part in (b'{"name":' + value + b"}", b"[" + value + b"]")]


# Section 2: white space, and what is a value.
GOOD = [b"{}", b"[]", b" \t\r\n{ \t\r\n} \t\r\n", b"[ ]", b'""', b"0", b"-1.5", b"true", b"false", b"null", b'"x"\n', b"{}\r\n"]
BAD = [b"", b" ", b"\n", b"\x0b{}", b"\x0c[]", b"{}\0", b"\0{}", b"\xa0{}", b"{}\xe2\x81\xa0", b"\xe2\x80\x89{}", b"{}x", b"{}{}",
    b"[][]"]
BAD += [b"{}#", b"{}//", b"/**/{}", b"{/**/}", b"*", b"<null>", b"<.>", b"nul", b"nulll", b"True", b"NULL", b"undefined",
    b"na\xc3\xafve", b"\xc3\xa9"]

# Section 3: literal names are in small letters.
GOOD += within(b"true", b"false", b"null")
BAD += within(b"tru", b"fals", b"nul", b"truefalse", b"FALSE", b"nil", b"yes")

# Section 4: objects.
GOOD += [b'{"name":1,"name":2}', b'{"name":1,"a":2}', b'{"":0}', b'{"a":{"name":1}}', b'{"n\\u0061me":"x"}', b'{"\\u0000":1,"name":2}',
    b'{"name" : "x" , "a" : []}']
GOOD += [b'{"x":[{"y":{}}],"name":{"a":[1,{"a":2}]}}', b'{\n"name":\n"x"\n}', b'{"name":"' + b"x" * 5000 + b'"}']
BAD += [b"{", b"}", b"{]", b'{"', b'{"name', b'{"name"', b'{"name":', b'{"name":1', b'{"name":1,', b'{"name":1,}', b'{"name":1,,"a":2}',
    b"{,}"]
BAD += [b'{"name",1}', b'{"name"::1}', b'{"name" 1}', b"{name:1}", b"{'name':1}", b"{1:1}", b"{null:null}", b'{:"x"}',
    b'{"name":"x";"a":1}', b'{"name":"x"}}']
BAD += [b'{"name":1 "a":2}', b'{"name":}', b'{["name"]:1}', b'{"name":1]', b'{"name":"x"/**/}', b'{"name":"x",,}',
    b'{\xf0\x9f\x98\x80:1}', b'{"\xb9":0,}']

# Section 5: arrays.
GOOD += [b"[1,2]", b"[ 1 , [ ] , { } ]", b'[""]', b"[[[]],[]]", b'[1,"x",null,true,{},[],-0.5e-3]', b"[1\n]"]
BAD += [b"[", b"]", b"[1", b"[1,", b"[1,]", b"[,1]", b"[,]", b"[1,,2]", b"[1 true]", b"[1:2]", b"[1;2]", b"[1]]", b"[[]", b"[[1],",
    b"[x", b"[*]", b"[1,\n2", b"[{", b'["x', b'["x",', b"[\x0b1]", b"[}", b"[3[4]]"]

# Section 6: numbers.
GOOD += within(b"0", b"-0", b"10", b"-10", b"0.0", b"1.50", b"1e5", b"1E5", b"1e+5", b"1E-05", b"0e0", b"-0.0e-0",
    b"123456789012345678901234567890", b"1e999", b"-1e999", b"1e-999", b"0." + b"0" * 300 + b"1")
BAD += within(b"+1", b"01", b"-01", b"00", b"1.", b".5", b"-.5", b"-", b"--1", b"+-1", b"1e", b"1e+", b"1.e5", b"0e", b"1ee5", b"1e5.5",
    b"1.2.3", b"0x1", b"0x1F", b"1_000", b"1 000", b"- 1", b"1a", b"-a", b"1+2")
BAD += within(b"NaN", b"-NaN", b"Infinity", b"-Infinity", b"Inf", b"+Inf", b"\xef\xbc\x91", b"1\xe5", b"1e\xe5", b"12\xe5", b"1/2")

# Section 7: strings.
GOOD += within(b'""', b'"\\""', b'"\\\\"', b'"\\/"', b'"/"', b'"\\b\\f\\n\\r\\t"', b'"\\u0041"', b'"\\u00e9\\u00E9"',
    b'"\\uD834\\udd1e"', b'"\\u0000"', b'"\\\\u0041"', b'"\\\\n"', b'"\x7f"', b'"/* */"', b'" x "', b'"\\u005C\\u0022"')
GOOD += within(b'"\xc3\xa9"', b'"\xe2\x80\xa8\xe2\x80\xa9"', b'"\xef\xbf\xbf"', b'"\xf4\x8f\xbf\xbf"', b'"\xef\xb7\x90"',
    b'"\\ufffe\\uFDD0"', b'"\\ud83f\\udffe"', b'"\xf0\x9f\x98\x80"', b'"\xe2\x80\x8b"', b'"\\u200b"')
BAD += within(b'"', b'"x', b"'x'", b"x", b'"\\"', b'"\\', b'"\\x41"', b'"\\a"', b'"\\0"', b'"\\\'"', b'"\\U0041"', b'"\\u"', b'"\\u00"',
    b'"\\u004"', b'"\\u00g1"', b'"\\u 041"', b'"\\u+041"', b'"\\u004\xc3\xa9"', b'"\\\xc3\xa9"', b'"\\ud834\\"', b'"\\ud834\\u"',
    b'"\\ud834\\u1"', b'"\\ud834\\x"')
BAD += within(b'"\n"', b'"\t"', b'"\0"', b'"\x1f"', b'"\\\n"', b'"\\\0"', b'"x"y', b'"x""y"', b"\\n", b'\\u0022x"',
    b'"\\\xf0\x9f\x98\x80"', b'"\\u\xe5"', b'"\\\xe5"')

# Section 8.1: UTF-8 alone, and no mark before it.
BAD += [b"\xef\xbb\xbf{}", b"\xef\xbb\xbf", b"\xef\xbb{}", '["x"]'.encode("utf-16-le"), '["x"]'.encode("utf-16-be"),
    '["x"]'.encode("utf-16"), b"\xff"]
BAD += within(b'"\x80"', b'"\xff"', b'"\xc3"', b'"\xc0\xaf"', b'"\xe0\x80\xaf"', b'"\xed\xa0\x80"', b'"\xed\xbf\xbf"',
    b'"\xf4\x90\x80\x80"', b'"\xf8\x88\x80\x80\x80"', b'"\xfc\x83\xbf\xbf\xbf\xbf"', b'"\xe9"', b'"\xe6\x97"', b"\xe5")

# Section 8.2: halves of pairs. Section 9: how deep.
FREE = within(b'"\\ud834"', b'"\\udd1e"', b'"\\udd1e\\ud834"', b'"\\ud834x"', b'"\\ud834\\n"', b'"\\ud834\\u0041"',
    b'"\\ud834\\ud834\\udd1e"', b'"\\uDFFF\\uD800"')
FREE += [b'{"\\ud834":1,"name":2}', nested(500), nested(512), nested(600, b'{"a":', b"}", b"1"), b'{"name":' + nested(600) + b"}"]
FREE += [nested(600) + b"]", b"[" * 100000, b'[{"a":' * 50000]
