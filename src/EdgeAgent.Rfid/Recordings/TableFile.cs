namespace EdgeAgent.Rfid.Recordings;

/// <summary>
/// A file of values with a line of column names: separated by commas, semicolons, tabs, bars or blanks. The names may stand in a comment, and be separated
/// by another sign than the values, as Impinj's MultiReader writes them.
/// </summary>
internal static class TableFile
{
    private static readonly char[] s_separators = ['\t', ';', ',', '|', ' '];

    // So many lines are looked at for one of names.
    private const int HeaderLines = 50;

    public static bool IsComment(string line) => line.Length == 0 || line[0] is '#' or '%' || line.StartsWith("//", StringComparison.Ordinal) || line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase);

    /// <summary>The names of the columns and how the values are separated.</summary>
    /// <exception cref="RecordingException">No line names columns.</exception>
    public static (IReadOnlyList<string> Names, int HeaderLine, char Separator) Head(string path)
    {
        (List<string>? names, int number, int headerLine) = (null, 0, 0);
        foreach (string text in RecordingLine.Lines(path).Take(HeaderLines))
        {
            number++;
            string line = text.Trim();
            bool comment = IsComment(line);
            if (comment || names is null)
            {
                List<string> found = Split(line.TrimStart('#', '%', '/', ' '), SeparatorOf(line, 0));
                if (ReadsColumns.IsHeader(found))
                {
                    (names, headerLine) = (found, number);
                    continue;
                }
            }
            if (!comment)
            {
                return names is null
                    ? throw new RecordingException(
                        $"{path} line {number} is neither JSON nor a line of column names: {RecordingLine.Short(line)}; put one before the first read that names each column, with time, epc, antenna and rssi among them.")
                    : (names, headerLine, SeparatorOf(line, names.Count));
            }
        }
        throw new RecordingException(names is null ? $"{path} holds no read." : $"{path} names columns, but holds no read.");
    }

    /// <summary>The lines behind the names, with their values.</summary>
    public static IEnumerable<(int Line, IReadOnlyList<string> Values)> Rows(string path, int headerLine, char separator)
    {
        int number = 0;
        foreach (string text in RecordingLine.Lines(path))
        {
            number++;
            // A blank or tab at the end may stand for a value that is not there.
            if (number > headerLine && !IsComment(text.Trim()))
            {
                yield return (number, Split(text, separator));
            }
        }
    }

    /// <summary>The sign that gives the number of values wanted; else the one that gives the most.</summary>
    private static char SeparatorOf(string line, int wanted)
    {
        (char best, int most) = (',', 0);
        foreach (char separator in s_separators)
        {
            int count = Split(line, separator).Count;
            if (count == wanted)
            {
                return separator;
            }
            if (count > most && (separator != ' ' || most <= 1))
            {
                (best, most) = (separator, count);
            }
        }
        return best;
    }

    /// <summary>Values may stand in quotes, with a quote in them written twice.</summary>
    private static List<string> Split(string line, char separator)
    {
        var values = new List<string>();
        var value = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                value.Append(line[++i]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == separator && !quoted)
            {
                if (separator != ' ' || value.Length > 0)
                {
                    values.Add(value.ToString().Trim());
                }
                value.Clear();
            }
            else
            {
                value.Append(c);
            }
        }
        if (separator != ' ' || value.Length > 0)
        {
            values.Add(value.ToString().Trim());
        }
        return values;
    }
}
