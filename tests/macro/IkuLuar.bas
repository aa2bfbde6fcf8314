Attribute VB_Name = "IkuLuar"
Option Explicit

' The outside world as the tests want it: the module of the same name in the product, with what it asks for played.
' Plan holds an outcome for each program that is started, in order, parted by "|":
'   missing   the program does not exist: a run-time error
'   silent    it ends and leaves no report
'   report    it leaves ReportText
'   click     the button is clicked a second time while it runs; then as report

Public Plan As String
Public ReportText As String
Public Commands As String
Public Shown As String
Public Requests As String
Public CopyWasThere As Boolean
Public Blocking As Boolean
Public Windows As Boolean
Public OnMac As Boolean
Public Home As String
Public GivenPython As String
Public Forbidden As Boolean
Public States As String

Public Sub Prepare(ByVal Outcomes As String, ByVal Text As String, ByVal UserFolder As String, ByVal Python As String)
    Plan = Outcomes
    ReportText = Text
    Home = UserFolder
    GivenPython = Python
    Commands = ""
    Shown = ""
    Requests = ""
    CopyWasThere = False
    Blocking = True
    Windows = True
    OnMac = False
    Forbidden = False
    States = ""
End Sub

Public Sub PrepareMac()
    OnMac = True
End Sub

Public Sub PrepareOpenOffice()
    Blocking = False
End Sub

Public Sub PrepareForbidden()
    Forbidden = True
End Sub

Public Function SeenCommands() As String
    SeenCommands = Commands
End Function

Public Function SeenMessages() As String
    SeenMessages = Shown
End Function

Public Function SeenRequests() As String
    SeenRequests = Requests
End Function

Public Function SeenStates() As String
    SeenStates = States
End Function

Public Sub NoteState()
    States = States & Application.DisplayAlerts & "," & Application.EnableEvents & "," & _
        Application.Interactive & "," & Application.StatusBar & vbLf
End Sub

Public Function SeenCopy() As Boolean
    SeenCopy = CopyWasThere
End Function

Public Function OnWindows() As Boolean
    OnWindows = Windows
End Function

Public Function Supported() As Boolean
    Supported = Not OnMac
End Function

Public Function MayBlock() As Boolean
    MayBlock = Blocking
End Function

Public Function WindowsShell() As Object
    If Forbidden Then Err.Raise 70, , "Permission denied"
    Set WindowsShell = New PalsuShell
End Function

Public Function FileSystem() As Object
    Set FileSystem = New PalsuBerkas
End Function

Public Function Environment(ByVal Variable As String) As String
    If Variable = "USERPROFILE" Then Environment = Replace(Home, "/", "\")
    If Variable = "HOME" Then Environment = Home
    If Variable = "IKU_EXCEL_PYTHON" Then Environment = GivenPython
End Function

Public Sub Launch(ByVal CommandLine As String)
    Shell CommandLine, 0
End Sub

Public Sub Pause()
    DoEvents
End Sub

Public Sub Show(ByVal Text As String, ByVal Style As Long)
    Shown = Shown & Style & ":" & Text & vbLf & "=====" & vbLf
End Sub

' One program runs: what it does is the next word of Plan.
Public Sub Play(ByVal CommandLine As String)
    Dim Outcome As String
    Dim Cut As Long
    Dim Request As String
    Commands = Commands & CommandLine & vbLf
    Cut = InStr(Plan, "|")
    If Cut = 0 Then Cut = Len(Plan) + 1
    Outcome = Left(Plan, Cut - 1)
    Plan = Mid(Plan, Cut + 1)
    NoteState
    If Outcome = "missing" Or Outcome = "" Then Err.Raise 53, , "The system cannot find the file specified."
    Request = Left(CommandLine, Len(CommandLine) - 1)
    Request = Mid(Request, InStrRev(Request, """") + 1)
    Requests = Requests & ReadAll(Request)
    CopyWasThere = FileSystem().FileExists(Left(Request, Len(Request) - 4) & ".xlsm")
    If Outcome = "silent" Then Exit Sub
    If Outcome = "click" Then IkuTombol.HitungUlang
    WriteAll Left(Request, Len(Request) - 4) & ".txt", ReportText
End Sub

Public Sub WriteAll(ByVal Path As String, ByVal Text As String)
    Dim Number As Integer
    Number = FreeFile
    Open Replace(Path, "\", "/") For Output As #Number
    Print #Number, Text
    Close #Number
End Sub

Public Function ReadAll(ByVal Path As String) As String
    Dim Number As Integer
    Dim OneLine As String
    Number = FreeFile
    Open Replace(Path, "\", "/") For Input As #Number
    Do While Not EOF(Number)
        Line Input #Number, OneLine
        ReadAll = ReadAll & OneLine & vbCrLf
    Loop
    Close #Number
End Function
