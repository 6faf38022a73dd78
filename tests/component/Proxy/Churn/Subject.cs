using Substrate.State.Actors;

namespace Substrate.Proxy.ComponentTests.Churn;

/// <summary>One actor under churn: the newest epoch that has answered, and which requests were under way when it crashed last.</summary>
internal sealed class Subject(ActorKey key)
{
    private readonly Lock _lock = new();
    private readonly int[] _under = new int[2];
    private long _epoch;
    private int _generation;
    private (int Answers, TaskCompletionSource Reached) _awaited = (int.MaxValue, new());

    public ActorKey Key => key;

    public int Rests { get; set; }

    public int Crashes { get; set; }

    /// <summary>Requests that were answered.</summary>
    public int Answers { get; private set; }

    public Asked Ask()
    {
        lock (_lock)
        {
            _under[_generation]++;
            return new(this, _generation, _epoch);
        }
    }

    public void Answered(long epoch)
    {
        lock (_lock)
        {
            _epoch = Math.Max(_epoch, epoch);
            if (++Answers >= _awaited.Answers)
            {
                _awaited.Reached.TrySetResult();
            }
        }
    }

    /// <summary>Waits until <paramref name="count"/> more requests were answered. One may wait at a time.</summary>
    public Task AnswersAsync(int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _awaited = (Answers + count, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return _awaited.Reached.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// True when the actor may crash: no request is under way that an earlier crash has hit already, since each is sent again once only.
    /// </summary>
    public bool TryCrash()
    {
        lock (_lock)
        {
            if (_under[1 - _generation] > 0)
            {
                return false;
            }

            _generation = 1 - _generation;
            return true;
        }
    }

    private void Ended(int generation)
    {
        lock (_lock)
        {
            _under[generation]--;
        }
    }

    /// <summary>A request under way.</summary>
    internal readonly struct Asked(Subject subject, int generation, long epoch) : IDisposable
    {
        /// <summary>The newest epoch that had answered before.</summary>
        public long Epoch => epoch;

        public void Dispose() => subject.Ended(generation);
    }
}
