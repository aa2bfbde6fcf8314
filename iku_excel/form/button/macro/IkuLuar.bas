Attribute VB_Name = "IkuLuar"
Option Explicit

' Everything that leaves this workbook: other programs, the environment, the screen. The tests replace this module
' by one of the same shape and so see every outcome, also those of a Windows that they do not have.

Public Function OnWindows() As Boolean
    OnWindows = (Environ("OS") = "Windows_NT")
End Function

' Excel for Mac runs in a sandbox and may not start programs.
Public Function Supported() As Boolean
    Supported = OnWindows() Or IkuLibreOffice.InLibreOffice()
End Function

' Excel serves other programs while WScript.Shell's Run waits; LibreOffice serves nobody.
Public Function MayBlock() As Boolean
    MayBlock = Not IkuLibreOffice.InLibreOffice()
End Function

Public Function WindowsShell() As Object
    Set WindowsShell = CreateObject("WScript.Shell")
End Function

Public Function FileSystem() As Object
    Set FileSystem = CreateObject("Scripting.FileSystemObject")
End Function

' "" when it is not set. On Windows not by Environ, which loses letters outside the ANSI code page.
Public Function Environment(ByVal Variable As String) As String
    If Not OnWindows() Then
        Environment = Environ(Variable)
        Exit Function
    End If
    Environment = WindowsShell().ExpandEnvironmentStrings("%" & Variable & "%")
    If Environment = "%" & Variable & "%" Then Environment = ""
End Function

Public Sub Launch(ByVal CommandLine As String)
    Shell CommandLine, 0
End Sub

' A second in which LibreOffice serves other programs. Timer and Wait with a text are not reliable there.
Public Sub Pause()
    Application.Wait Now + TimeSerial(0, 0, 1)
    DoEvents
End Sub

Public Sub Show(ByVal Text As String, ByVal Style As Long)
    MsgBox Text, Style, "IKU"
End Sub
