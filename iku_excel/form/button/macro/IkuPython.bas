Attribute VB_Name = "IkuPython"
Option Explicit

' Finds Python and runs iku-excel with it, hidden, until it ends. Only the request file's path is passed: whatever
' else may hold strange letters stands in that file. No cmd.exe: it would give & ^ % a meaning, and Defender blocks it.

Private Const Patience As Long = 900

' Tries one Python after another until one has left a report. In this order: the workbook's name Python_Iku,
' the variable IKU_EXCEL_PYTHON, iku-excel itself, the launcher py, python.
Public Sub Start(ByVal Stem As String)
    Dim Programs(4) As String
    Dim I As Integer
    Programs(0) = NamedProgram()
    Programs(1) = IkuLuar.Environment("IKU_EXCEL_PYTHON")
    Programs(2) = "iku-excel"
    Programs(3) = "py"
    Programs(4) = "python"
    If Not IkuLuar.OnWindows() Then Programs(3) = "python3"
    For I = 0 To 4
        If Usable(Programs(I)) Then
            If IkuLuar.OnWindows() Then
                RunWindows """" & Programs(I) & """ " & Arguments(Programs(I), Stem)
            Else
                RunShell Programs(I), Arguments(Programs(I), Stem), Stem & ".sta"
            End If
            If IkuBerkas.Exists(Stem & ".txt") Then Exit Sub
        End If
    Next I
End Sub

' What stands in the workbook's cell Python_Iku, if there is such a name.
Private Function NamedProgram() As String
    On Error Resume Next
    NamedProgram = Trim(CStr(ThisWorkbook.Names("Python_Iku").RefersToRange.Value))
End Function

Private Function Usable(ByVal Program As String) As Boolean
    Usable = Program <> "" And InStr(Program, """") = 0 And InStr(Program, vbLf) = 0
End Function

' -P (Python 3.11 and later) keeps Excel's current folder out of the places that Python imports from.
Private Function Arguments(ByVal Program As String, ByVal Stem As String) As String
    Dim FileName As String
    FileName = LCase(Mid(Program, InStrRev(Replace(Program, "\", "/"), "/") + 1))
    If FileName = "py" Or FileName = "py.exe" Then
        Arguments = "-3 -P -m iku_excel "
    ElseIf Left(FileName, 6) = "python" Then
        Arguments = "-P -m iku_excel "
    End If
    Arguments = Arguments & "tombol """ & Stem & ".ini"""
End Function

' A program that is missing, or that a rule of Windows forbids, is a run-time error: the next one is tried.
Private Sub RunWindows(ByVal CommandLine As String)
    Dim Started As Object
    Dim Waited As Long
    On Error GoTo Missing
    If IkuLuar.MayBlock() Then
        IkuLuar.WindowsShell().Run CommandLine, 0, True
        Exit Sub
    End If
    Set Started = IkuLuar.WindowsShell().Exec(CommandLine)
    Do While Started.Status = 0 And Waited < Patience
        IkuLuar.Pause
        Waited = Waited + 1
    Loop
Missing:
End Sub

' Linux: Shell returns at once, so a shell notes in the file Status when the program has ended.
Public Sub RunShell(ByVal Program As String, ByVal Rest As String, ByVal Status As String)
    Dim Waited As Long
    IkuLuar.Launch "/bin/sh -c '""$@"" </dev/null >/dev/null 2>&1; echo $? >""$0.tmp"" && mv ""$0.tmp"" ""$0""' """ & _
        Status & """ """ & Program & """ " & Rest
    Do While Not IkuBerkas.Exists(Status) And Waited < Patience
        IkuLuar.Pause
        Waited = Waited + 1
    Loop
    IkuBerkas.Remove Status
End Sub
