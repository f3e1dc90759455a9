using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>The rows of one damaged table: forwards up to the damage, backwards up to it, then by halves what lies between.</summary>
/// <param name="take">Gets the values of one row in the order of the columns; false when they make no sense.</param>
internal sealed class SalvagedRows(SqliteConnection from, string table, string[] columns, int maxTries, Func<object[], bool> take)
{
    private readonly SortedDictionary<long, (long Epoch, long Seq)> _known = [];
    private readonly List<(long From, long To)> _unreadable = [];
    private int _tries;

    /// <summary>Rows that are to be sent.</summary>
    public long Taken { get; private set; }

    public void ReadAll()
    {
        if (!columns.Contains("id"))
        {
            // A small table without numbers: what comes before the damage.
            Read($"SELECT {string.Join(',', columns)} FROM {table}", out _);
            return;
        }
        if (!Range(0, long.MaxValue, backwards: false, out long last) && !Range(last + 1, long.MaxValue, backwards: true, out long first))
        {
            Halve(last + 1, first == 0 ? last : first - 1);
        }
    }

    /// <summary>Of each part that could not be read, the numbers between the rows around it. Where no row follows, nobody knows how many are missing.</summary>
    public IEnumerable<ShedRange> Holes(Lane lane)
    {
        foreach ((long from, long to) in _unreadable)
        {
            (long Epoch, long Seq)? before = null, after = null;
            foreach ((long id, (long Epoch, long Seq) row) in _known)
            {
                if (id < from)
                {
                    before = row;
                }
                else if (id > to)
                {
                    after = row;
                    break;
                }
            }
            if (before is { } a && after is { } b && a.Epoch == b.Epoch && b.Seq > a.Seq + 1)
            {
                yield return new ShedRange(lane, a.Epoch, a.Seq + 1, b.Seq - 1, Math.Min(to - from + 1, b.Seq - a.Seq - 1));
            }
        }
    }

    private void Halve(long from, long to)
    {
        if (from > to)
        {
            return;
        }
        if (from == to || ++_tries > maxTries)
        {
            _unreadable.Add((from, to));
            return;
        }
        if (Range(from, to, backwards: false, out long last))
        {
            return;
        }
        long left = Math.Max(from, last + 1);
        if (Range(left, to, backwards: true, out long first))
        {
            return;
        }
        long right = first == 0 ? to : first - 1;
        // Nothing new from either end: the damage is on both sides of the middle, or is all there is.
        if (left > from || right < to || right - left > 1)
        {
            long middle = left + ((right - left) / 2);
            Halve(left, middle);
            Halve(middle + 1, right);
            return;
        }
        _unreadable.Add((left, right));
    }

    /// <summary>True when the whole range could be read.</summary>
    private bool Range(long from, long to, bool backwards, out long last) =>
        Read($"SELECT {string.Join(',', columns)} FROM {table} WHERE id BETWEEN {from} AND {to} ORDER BY id {(backwards ? "DESC" : "ASC")}", out last);

    private bool Read(string question, out long last)
    {
        last = 0;
        int id = Array.IndexOf(columns, "id"), epoch = Array.IndexOf(columns, "epoch"), seq = Array.IndexOf(columns, "seq"), state = Array.IndexOf(columns, "state");
        try
        {
            using SqliteCommand read = from.CreateCommand();
            read.CommandText = question;
            using SqliteDataReader rows = read.ExecuteReader();
            object[] values = new object[columns.Length];
            while (rows.Read())
            {
                rows.GetValues(values);
                last = id >= 0 ? rows.GetInt64(id) : 0;
                if (take(values) && epoch >= 0 && seq >= 0)
                {
                    _known[last] = ((long)values[epoch], (long)values[seq]);
                    Taken += state >= 0 && values[state] is 0L ? 1 : 0;
                }
            }
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26 or 10)
        {
            return false;
        }
        catch (InvalidCastException)
        {
            return false; // damage that looks like a row
        }
    }
}
