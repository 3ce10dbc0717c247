package tidemark.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static Object there_and_back(Object value) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("v", value);
    return Json.row(Json.rowText(Row.of(one))).get("v");
  }

  @Test
  void every_value_keeps_its_storage_class_and_its_bits() {
    for (Object value :
        Arrays.asList(
            null,
            0L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            0.0,
            -0.0,
            5.0,
            0.1 + 0.2,
            1e308,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            "",
            "nul \0 quote \" backslash \\ line\nend",
            "\uD83D\uDE00 ümlaut \u2028",
            new byte[0],
            new byte[] {0, -1, 127},
            new RawText(new byte[] {(byte) 0xff, (byte) 0xfe}))) {
      assertThat(Values.same(value, there_and_back(value))).as("%s", value).isTrue();
    }
  }

  @Test
  void five_and_five_point_nought_stay_apart() {
    assertThat(Json.keyText(RowKey.of(5L, 5.5))).isEqualTo("[5,5.5]");
    assertThat(Json.rowText(Row.of(Map.of("a", 5.0)))).isEqualTo("{\"a\":5.0}");
    assertThat(Json.rowText(Row.of(Map.of("a", 5L)))).isEqualTo("{\"a\":5}");
    assertThat(Json.rowText(Row.of(Map.of("a", -0.0)))).isEqualTo("{\"a\":-0.0}");
    assertThat(Json.rowText(Row.of(Map.of("a", 1e20)))).isEqualTo("{\"a\":1.0E20}");
  }

  @Test
  void what_json_has_no_word_for_is_named() {
    assertThat(Json.rowText(Row.of(Map.of("a", Double.NEGATIVE_INFINITY))))
        .isEqualTo("{\"a\":{\"f\":\"-Infinity\"}}");
    assertThat(Json.rowText(Row.of(Map.of("a", "abc".getBytes(StandardCharsets.UTF_8)))))
        .isEqualTo("{\"a\":{\"b\":\"YWJj\"}}");
    assertThat(Json.rowText(Row.of(Map.of("a", new RawText(new byte[] {-1})))))
        .isEqualTo("{\"a\":{\"t\":\"/w==\"}}");
    assertThat(there_and_back(Double.NaN)).isNull();
  }

  @Test
  void keys_come_back_equal() {
    RowKey key = RowKey.of("Q1", 7L, 2.5, new byte[] {1, 2});
    assertThat(Json.key(Json.keyText(key))).isEqualTo(key);
  }

  @Test
  void any_object_can_be_read_and_written_as_a_map() {
    String text = "{\"a\":[1,{\"x\":null},true],\"b\":{\"c\":\"d\"},\"e\":1.5,\"f\":false}";
    Map<String, Object> map = Json.object(text);
    assertThat(map.get("b")).isEqualTo(Map.of("c", "d"));
    assertThat((List<?>) map.get("a")).hasSize(3);
    assertThat(Json.objectText(map)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[1]",
        "{",
        "{\"a\":1} {}",
        "{\"a\":9223372036854775808}",
        "{\"a\":[1]}",
        "{\"a\":{\"x\":\"y\"}}",
        "{\"a\":{\"b\":\"###\"}}",
        "{\"a\":{\"b\":1}}",
        "{\"a\":{}}",
        "{\"a\":{\"f\":\"NaN\"}}",
        "{\"a\":{\"b\":\"YQ==\",\"t\":\"YQ==\"}}",
        "{\"a\":NaN}"
      })
  void what_is_no_row_is_refused(String text) {
    assertThatThrownBy(() -> Json.row(text))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED));
  }

  @Test
  void a_key_has_no_null_and_is_an_array() {
    assertThatThrownBy(() -> Json.key("[null]")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> Json.key("{}")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> Json.key("[1")).isInstanceOf(Failure.class);
  }

  @Test
  void endless_nesting_is_refused() {
    assertThatThrownBy(() -> Json.object("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(Failure.class);
  }
}
