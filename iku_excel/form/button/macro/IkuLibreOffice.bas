Attribute VB_Name = "IkuLibreOffice"
' No Option Explicit here: ThisComponent is an object in LibreOffice; in Excel it is a variable that nobody set, and
' the module compiles. Application.Name does not tell them apart: LibreOffice says "Microsoft Excel" too.

Public Function InLibreOffice() As Boolean
    InLibreOffice = IsObject(ThisComponent)
End Function

Public Function ApplicationWord() As String
    ApplicationWord = "excel"
    If InLibreOffice() Then ApplicationWord = "libreoffice"
End Function

' A path, the address of a cloud workbook, or "Book1"; in LibreOffice FullName is only the file's name.
Public Function FullNameOfBook() As String
    If InLibreOffice() Then
        FullNameOfBook = ThisComponent.getURL()
    Else
        FullNameOfBook = ThisWorkbook.FullName
    End If
End Function

' Names the Excel that holds this workbook, however many are open.
Public Function WindowNumber() As String
    WindowNumber = "0"
    If Not InLibreOffice() Then WindowNumber = CStr(Application.Hwnd)
End Function

' A copy for reading, also of a workbook that was never saved or lies in a cloud. LibreOffice's own SaveCopyAs
' writes the format of 1997.
Public Sub SaveCopy(ByVal Path As String)
    Dim Options(0) As Variant
    If Not InLibreOffice() Then
        ThisWorkbook.SaveCopyAs Path
        Exit Sub
    End If
    Set Options(0) = CreateObject("com.sun.star.beans.PropertyValue")
    Options(0).Name = "FilterName"
    Options(0).Value = "Calc MS Excel 2007 XML"
    ThisComponent.storeToURL UrlOf(Path), Options
End Sub

Private Function UrlOf(ByVal Path As String) As String
    UrlOf = Replace(Replace(Replace(Path, "%", "%25"), "#", "%23"), "\", "/")
    UrlOf = Replace(Replace(UrlOf, "?", "%3F"), " ", "%20")
    If Left(UrlOf, 1) <> "/" Then UrlOf = "/" & UrlOf
    UrlOf = "file://" & UrlOf
End Function
