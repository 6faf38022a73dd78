namespace Substrate.State.ComponentTests.Model;

/// <summary>The transitions of an actor record.</summary>
public enum Verb
{
    Create,
    Claim,
    Replace,
    Running,
    Fail,
    FailOverdue,
    BeginSuspend,
    BeginPause,
    Abort,
    Paused,
    Suspended,
    Uploaded,
    WantUpload,
    Lost,
    Wake,
    Update,
    Label,
    Delete,
}
