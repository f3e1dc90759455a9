namespace EdgeAgent.Core.Visits;

/// <summary>
/// The best pairing of rows with columns: the one with the greatest sum of scores, where pairs without a score above zero are never made and
/// anybody may stay alone (Hungarian method with potentials, one augmenting path for each row). Keeps its arrays; grows them when needed.
/// </summary>
internal sealed class Assignment
{
    private const float Forbidden = 1e6f;

    private float[] _rowPotential = [];
    private float[] _columnPotential = [];
    private float[] _shortest = [];
    private int[] _rowOf = [];
    private int[] _way = [];
    private bool[] _used = [];

    /// <param name="scores">[rows, columns] row-major; above zero where the pair is allowed.</param>
    /// <param name="columnOf">Gets for each row its column, or -1.</param>
    public void Solve(ReadOnlySpan<float> scores, int rows, int columns, Span<int> columnOf)
    {
        // Each row also has a column of its own with score 0: being alone.
        int all = columns + rows;
        Reserve(rows + 1, all + 1);
        for (int row = 1; row <= rows; row++)
        {
            AddRow(row, scores, columns, all);
        }
        columnOf[..rows].Fill(-1);
        for (int column = 1; column <= columns; column++)
        {
            if (_rowOf[column] > 0 && scores[((_rowOf[column] - 1) * columns) + column - 1] > 0)
            {
                columnOf[_rowOf[column] - 1] = column - 1;
            }
        }
    }

    private void AddRow(int row, ReadOnlySpan<float> scores, int columns, int all)
    {
        _rowOf[0] = row;
        int at = 0;
        Array.Fill(_shortest, float.PositiveInfinity, 0, all + 1);
        Array.Clear(_used, 0, all + 1);
        do
        {
            _used[at] = true;
            int from = _rowOf[at];
            int next = 0;
            float step = float.PositiveInfinity;
            for (int column = 1; column <= all; column++)
            {
                if (_used[column])
                {
                    continue;
                }
                float reduced = Cost(scores, from, column, columns) - _rowPotential[from] - _columnPotential[column];
                if (reduced < _shortest[column])
                {
                    _shortest[column] = reduced;
                    _way[column] = at;
                }
                if (_shortest[column] < step)
                {
                    step = _shortest[column];
                    next = column;
                }
            }
            for (int column = 0; column <= all; column++)
            {
                if (_used[column])
                {
                    _rowPotential[_rowOf[column]] += step;
                    _columnPotential[column] -= step;
                }
                else
                {
                    _shortest[column] -= step;
                }
            }
            at = next;
        }
        while (_rowOf[at] != 0);
        do
        {
            int before = _way[at];
            _rowOf[at] = _rowOf[before];
            at = before;
        }
        while (at != 0);
    }

    private static float Cost(ReadOnlySpan<float> scores, int row, int column, int columns)
    {
        if (column > columns)
        {
            return column - columns == row ? 0 : Forbidden;
        }
        float score = scores[((row - 1) * columns) + column - 1];
        return score > 0 ? -score : Forbidden;
    }

    private void Reserve(int rows, int columns)
    {
        if (_rowPotential.Length < rows)
        {
            _rowPotential = new float[rows * 2];
        }
        if (_columnPotential.Length < columns)
        {
            _columnPotential = new float[columns * 2];
            _shortest = new float[columns * 2];
            _rowOf = new int[columns * 2];
            _way = new int[columns * 2];
            _used = new bool[columns * 2];
        }
        Array.Clear(_rowPotential, 0, rows);
        Array.Clear(_columnPotential, 0, columns);
        Array.Clear(_rowOf, 0, columns);
        Array.Clear(_way, 0, columns);
    }
}
