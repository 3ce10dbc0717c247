package tidemark.say;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CsvTest {
  @Test
  void cells_are_quoted_only_where_they_must_be() {
    assertThat(Csv.line("a", 1, null, "b,c", "say \"hi\"", "two\nlines"))
        .isEqualTo("a,1,,\"b,c\",\"say \"\"hi\"\"\",\"two\nlines\"");
  }

  @Test
  void a_text_that_looks_like_a_formula_is_none_for_a_spreadsheet() {
    assertThat(Csv.line("=1+1", "+49 30", "@SUM(A1)", "-x", "\tx", -5))
        .isEqualTo("'=1+1,'+49 30,'@SUM(A1),'-x,'\tx,-5");
    assertThat(Csv.line("=HYPERLINK(\"http://x\",1)"))
        .isEqualTo("\"'=HYPERLINK(\"\"http://x\"\",1)\"");
  }
}
