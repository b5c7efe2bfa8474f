package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaSubsetTest {

  @Test
  void acceptsWhatStructuredOutputsAccept() {
    String schema =
        """
        {
          "type": "object",
          "title": "Answer",
          "additionalProperties": false,
          "required": ["a", "b"],
          "properties": {
            "a": {"type": "string", "enum": ["x", "y"], "description": "one of"},
            "b": {"type": ["number", "null"]},
            "c": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/line"}},
            "d": {"anyOf": [{"type": "string", "format": "date"}, {"const": 1}]},
            "e": {"type": "string", "pattern": "^[A-Z]{2}$", "default": "XX"}
          },
          "$defs": {
            "line": {"type": "object", "additionalProperties": false,
              "properties": {"x": {"$ref": "#/$defs/leaf"}}},
            "leaf": {"type": "boolean"}
          }
        }
        """;

    assertThat(SchemaSubset.check("s.json", schema)).isEmpty();
    assertThat(AnswerFields.of(schema)).containsExactly("a", "b", "c", "d", "e");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'number','minimum':0}          | /properties/f/minimum: minimum is not accepted",
        "{'type':'string','maxLength':9}        | /properties/f/maxLength: maxLength is not accepted",
        "{'type':'array','maxItems':3}          | /properties/f/maxItems: maxItems is not accepted",
        "{'type':'array','minItems':2}          | /properties/f/minItems: minItems can only be 0 or 1",
        "{'type':'array','items':{'minimum':1}} | /properties/f/items/minimum: minimum is not",
        "{'type':'text'}                        | /properties/f/type: there is no type text",
        "{'type':'string','descripton':'x'}     | /properties/f/descripton: descripton is not accepted",
        "{'type':'string','format':'phone'}     | /properties/f/format: format phone is not accepted",
        "{'enum':[]}                            | /properties/f/enum: is not a list of texts",
        "{'enum':[{}]}                          | /properties/f/enum: is not a list of texts",
        "{'type':'string','pattern':'a(?=b)'}   | /properties/f/pattern: lookaround",
        "{'type':'string','pattern':'a['}       | /properties/f/pattern: is not a regular expression",
        "{'oneOf':[]}                           | /properties/f/oneOf: oneOf is not accepted",
        "{'$ref':'https://x.example/y'}         | /properties/f/$ref: $ref leads out of the file",
        "{'$ref':'#/$defs/none'}                | /properties/f/$ref: $ref #/$defs/none leads nowhere",
        "{'$ref':'#'}                           | /properties/f/$ref: $ref # is recursive",
        "{'allOf':[{'$ref':'#/$defs/d'}]}       | /properties/f/allOf/0: $ref inside allOf",
        "{'type':'object','properties':{}}      | /properties/f: the object does not say",
        "{'type':'object','additionalProperties':true} | /properties/f/additionalProperties: the object",
        "'string'                               | /properties/f: is not a schema"
      })
  void refusesWhatIsNotAcceptedWithPointerLineAndRemedy(String field, String message) {
    String schema =
        """
        {"type": "object", "additionalProperties": false,
         "$defs": {"d": {"type": "string"}},
         "required": ["f"],
         "properties": {
           "f": %s}}
        """
            .formatted(field.strip().replace('\'', '"'));

    List<Fault> faults = SchemaSubset.check("s.json", schema);

    assertThat(faults).hasSize(1);
    assertThat(faults.get(0).message()).startsWith(message);
    assertThat(faults.get(0).line()).isEqualTo(5);
    assertThat(faults.get(0).remedy()).isNotEmpty();
  }

  @Test
  void refusesRecursionThroughSeveralDefinitions() {
    String schema =
        """
        {"type": "object", "additionalProperties": false, "required": ["a"],
         "properties": {"a": {"$ref": "#/$defs/x"}},
         "$defs": {
           "x": {"type": "array", "items": {"$ref": "#/$defs/y"}},
           "y": {"type": "array", "items": {"$ref": "#/$defs/x"}}}}
        """;

    assertThat(SchemaSubset.check("s.json", schema))
        .extracting(Fault::line)
        .containsExactlyInAnyOrder(4, 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[1]", "{\"type\": \"array\", \"items\": {}}", "{}"})
  void refusesAnAnswerThatIsNoObject(String schema) {
    assertThat(SchemaSubset.check("s.json", schema))
        .anySatisfy(fault -> assertThat(fault.message()).contains("not an object with properties"));
  }

  @ParameterizedTest
  @CsvSource({
    "due date,   can't be a parameter of load.sql",
    "key_no,     starts with a prefix reserved for Caravan",
    "caravan_at, starts with a prefix reserved for Caravan",
    "Total,      differs from another only in upper case"
  })
  void refusesAFieldThatLoadSqlCouldNotName(String field, String message) {
    String schema =
        """
        {"type": "object", "additionalProperties": false, "required": ["total", "%s"],
         "properties": {"total": {"type": "number"},
           "%s": {"type": "string"}}}
        """
            .formatted(field, field);

    assertThat(SchemaSubset.check("s.json", schema))
        .singleElement()
        .returns(3, Fault::line)
        .returns("/properties/" + field + ": " + message, Fault::message);
  }

  @Test
  void refusesMoreOptionalAndUnionFieldsThanTheCaps() {
    assertThat(SchemaSubset.check("s.json", fields(24, "\"string\""))).isEmpty();
    assertThat(SchemaSubset.check("s.json", fields(25, "\"string\"")))
        .extracting(Fault::message)
        .containsExactly("the schema: 25 optional fields, more than 24");
    assertThat(SchemaSubset.check("s.json", fields(17, "[\"string\", \"null\"]")))
        .extracting(Fault::message)
        .containsExactly("the schema: 17 fields of several types, more than 16");
  }

  @Test
  void refusesARequiredFieldThatDoesNotExist() {
    assertThat(
            SchemaSubset.check(
                "s.json",
                "{\"type\":\"object\",\"additionalProperties\":false,\n\"required\":[\"b\"],\n"
                    + "\"properties\":{\"a\":{\"type\":\"string\"}}}"))
        .extracting(Fault::toString)
        .containsExactly(
            "s.json:2: /required: required names b, which is not in properties\n"
                + "    Add it there, or take it out.");
  }

  @Test
  void saysWhereTheTextIsNotJson() {
    assertThat(SchemaSubset.check("s.json", "{\n\"a\": 1,\n}"))
        .extracting(Fault::line)
        .containsExactly(3);
    assertThat(SchemaSubset.check("s.json", "{\"a\": 1,\n\"a\": 2}"))
        .singleElement()
        .satisfies(fault -> assertThat(fault.message()).contains("Duplicate field 'a'"));
  }

  private static String fields(int count, String type) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"f" + i + "\": {\"type\": " + type + "}")
        .collect(
            Collectors.joining(
                ",",
                "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {",
                "}}"));
  }
}
