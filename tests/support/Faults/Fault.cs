namespace Substrate.TestSupport.Faults;

/// <summary>What goes wrong with one connection.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Everything is late.</summary>
    Delay,

    /// <summary>The connection is reset, after some bytes of either side went through.</summary>
    Reset,

    /// <summary>The answer ends early: the connection is closed in the middle of it.</summary>
    Truncate,

    /// <summary>500 InternalError instead of an answer.</summary>
    InternalError,

    /// <summary>503 SlowDown instead of an answer.</summary>
    SlowDown,

    /// <summary>507 instead of an answer: the server's disk is full.</summary>
    Full,

    /// <summary>403 AccessDenied instead of an answer.</summary>
    Forbidden,
}
