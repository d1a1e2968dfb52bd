package dev.beamline.report.docs;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL as HTML with its words in colours. Reads tokens only, so any text is shown whole. */
final class SqlHighlighter {

  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>--[^\\n]*|#[^\\n]*|/\\*.*?(?:\\*/|\\z))"
              + "|(?<string>[rRbB]{0,2}(?:'''.*?(?:'''|\\z)|\"\"\".*?(?:\"\"\"|\\z)"
              + "|'(?:\\\\.|[^'\\\\\\n])*'?|\"(?:\\\\.|[^\"\\\\\\n])*\"?))"
              + "|(?<name>`[^`\\n]*`?)"
              + "|(?<number>\\b\\d[\\w.]*)"
              + "|(?<word>[A-Za-z_]\\w*)",
          Pattern.DOTALL);

  private static final Set<String> KEYWORDS =
      Set.of(
          ("ALL AND AS ASC BETWEEN BY CASE CAST CREATE CROSS CUBE DESC DESCRIPTOR DISTINCT ELSE END"
                  + " EXCEPT EXISTS EXTRACT FALSE FILTER FROM FULL FUNCTION GROUP GROUPING HAVING IF IN INNER"
                  + " INTERSECT INTERVAL IS JOIN LEFT LIKE LIMIT NOT NULL OFFSET ON OR ORDER OUTER OVER"
                  + " PARTITION QUALIFY RANGE REPLACE RIGHT ROLLUP ROWS SELECT SETS STRUCT TABLE TEMP THEN"
                  + " TRUE UNION UNNEST USING VALUES WHEN WHERE WINDOW WITH")
              .split(" "));

  private SqlHighlighter() {}

  static String html(String sql) {
    StringBuilder out = new StringBuilder("<pre class=\"sql\" tabindex=\"0\"><code>");
    Matcher matcher = TOKEN.matcher(sql);
    int from = 0;
    while (matcher.find()) {
      out.append(Html.escape(sql.substring(from, matcher.start())));
      String text = Html.escape(matcher.group());
      String style = style(matcher);
      out.append(style.isEmpty() ? text : "<span class=\"" + style + "\">" + text + "</span>");
      from = matcher.end();
    }
    return out.append(Html.escape(sql.substring(from))).append("</code></pre>\n").toString();
  }

  private static String style(Matcher matcher) {
    if (matcher.group("comment") != null) {
      return "c";
    }
    if (matcher.group("string") != null) {
      return "s";
    }
    if (matcher.group("number") != null) {
      return "n";
    }
    String word = matcher.group("word");
    return word != null && KEYWORDS.contains(word.toUpperCase(Locale.ROOT)) ? "k" : "";
  }
}
